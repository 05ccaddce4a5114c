<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * Share of automated decisions that were wrong, from the blind audit alone.
 */
final class ValueReportErrorRate extends Record
{
    /**
     * @param float|null $estimate
     * @param float|null $low
     * @param float|null $high
     * @param string|null $note
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $audited,
        public readonly int $wrong,
        public readonly float $confidence,
        public readonly string $method,
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
            Read::int($data['audited'] ?? null),
            Read::int($data['wrong'] ?? null),
            Read::float($data['confidence'] ?? null),
            Read::string($data['method'] ?? null),
            Read::nullableFloat($data['estimate'] ?? null),
            Read::nullableFloat($data['low'] ?? null),
            Read::nullableFloat($data['high'] ?? null),
            Read::nullableString($data['note'] ?? null),
            $data,
        );
    }
}
