<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class QualityLatencyMs extends Record
{
    /**
     * @param float|null $p50
     * @param float|null $p95
     * @param float|null $p99
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly ?float $p50 = null,
        public readonly ?float $p95 = null,
        public readonly ?float $p99 = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::nullableFloat($data['p50'] ?? null),
            Read::nullableFloat($data['p95'] ?? null),
            Read::nullableFloat($data['p99'] ?? null),
            $data,
        );
    }
}
