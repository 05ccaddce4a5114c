<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class TaskAudit extends Request
{
    protected const FIELDS = [
        'rate' => 'rate',
        'nearThresholdRate' => 'near_threshold_rate',
    ];

    /**
     * @param float $rate Share of automated decisions that a person checks without seeing the answer.
     * @param float|null $nearThresholdRate Share in the lower half of the scores above the threshold.
     */
    public function __construct(
        public readonly float $rate,
        public readonly ?float $nearThresholdRate = null,
    ) {
    }
}
