<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * count of n, with its exact 95 % interval (Clopper–Pearson); null without evidence.
 */
final class Proportion extends Record
{
    /**
     * @param float|null $rate
     * @param float|null $low
     * @param float|null $high
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $n,
        public readonly int $count,
        public readonly ?float $rate = null,
        public readonly ?float $low = null,
        public readonly ?float $high = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['n'] ?? null),
            Read::int($data['count'] ?? null),
            Read::nullableFloat($data['rate'] ?? null),
            Read::nullableFloat($data['low'] ?? null),
            Read::nullableFloat($data['high'] ?? null),
            $data,
        );
    }
}
