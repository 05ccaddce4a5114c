<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReplayResultHistoryErrorRate extends Record
{
    /**
     * @param float|null $estimate
     * @param float|null $low
     * @param float|null $high
     * @param string|null $note
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $labelled,
        public readonly int $wrong,
        public readonly ?float $estimate = null,
        public readonly ?float $low = null,
        public readonly ?float $high = null,
        public readonly ?string $note = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['labelled'] ?? null),
            Read::int($data['wrong'] ?? null),
            Read::nullableFloat($data['estimate'] ?? null),
            Read::nullableFloat($data['low'] ?? null),
            Read::nullableFloat($data['high'] ?? null),
            Read::nullableString($data['note'] ?? null),
            $data,
        );
    }
}
