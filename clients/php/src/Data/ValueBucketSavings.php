<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ValueBucketSavings extends Record
{
    /**
     * @param string|null $amount
     * @param float|null $rate
     * @param float|null $low The rate, were the error at its high end.
     * @param float|null $high
     * @param string|null $amountLow
     * @param string|null $amountHigh
     * @param string|null $note
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly ?string $amount = null,
        public readonly ?float $rate = null,
        public readonly ?float $low = null,
        public readonly ?float $high = null,
        public readonly ?string $amountLow = null,
        public readonly ?string $amountHigh = null,
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
            Read::nullableString($data['amount'] ?? null),
            Read::nullableFloat($data['rate'] ?? null),
            Read::nullableFloat($data['low'] ?? null),
            Read::nullableFloat($data['high'] ?? null),
            Read::nullableString($data['amount_low'] ?? null),
            Read::nullableString($data['amount_high'] ?? null),
            Read::nullableString($data['note'] ?? null),
            $data,
        );
    }
}
