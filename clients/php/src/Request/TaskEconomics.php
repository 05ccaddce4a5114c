<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class TaskEconomics extends Request
{
    protected const FIELDS = [
        'currency' => 'currency',
        'minutesPerItem' => 'minutes_per_item',
        'costPerHour' => 'cost_per_hour',
        'costOfError' => 'cost_of_error',
        'infrastructurePerMonth' => 'infrastructure_per_month',
    ];

    /**
     * @param string $costPerHour A decimal string; its currency stands beside it.
     * @param string $costOfError A decimal string; its currency stands beside it.
     * @param string|null $infrastructurePerMonth Share of servers and services, stated for the value report.
     *     Default 0.00.
     */
    public function __construct(
        public readonly string $currency,
        public readonly float $minutesPerItem,
        public readonly string $costPerHour,
        public readonly string $costOfError,
        public readonly ?string $infrastructurePerMonth = null,
    ) {
    }
}
