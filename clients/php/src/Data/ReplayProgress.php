<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReplayProgress extends Record
{
    /**
     * @param int|null $total
     * @param int|null $etaSeconds
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $done,
        public readonly string $unit,
        public readonly ?int $total = null,
        public readonly ?int $etaSeconds = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['done'] ?? null),
            Read::string($data['unit'] ?? null),
            Read::nullableInt($data['total'] ?? null),
            Read::nullableInt($data['eta_seconds'] ?? null),
            $data,
        );
    }
}
