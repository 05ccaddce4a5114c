<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ValueReportCurrency extends Record
{
    /**
     * @param string|null $baseline
     * @param string|null $total
     * @param string|null $savings
     * @param float|null $rate
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $currency,
        public readonly ?string $baseline = null,
        public readonly ?string $total = null,
        public readonly ?string $savings = null,
        public readonly ?float $rate = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['currency'] ?? null),
            Read::nullableString($data['baseline'] ?? null),
            Read::nullableString($data['total'] ?? null),
            Read::nullableString($data['savings'] ?? null),
            Read::nullableFloat($data['rate'] ?? null),
            $data,
        );
    }
}
