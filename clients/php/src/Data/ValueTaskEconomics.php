<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ValueTaskEconomics extends Record
{
    /**
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $currency,
        public readonly float $minutesPerItem,
        public readonly string $costPerHour,
        public readonly string $costOfError,
        public readonly string $infrastructurePerMonth,
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
            Read::float($data['minutes_per_item'] ?? null),
            Read::string($data['cost_per_hour'] ?? null),
            Read::string($data['cost_of_error'] ?? null),
            Read::string($data['infrastructure_per_month'] ?? null),
            $data,
        );
    }
}
