<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class TaskRetraining extends Request
{
    protected const FIELDS = [
        'mode' => 'mode',
        'minNewLabels' => 'min_new_labels',
        'minNewShare' => 'min_new_share',
        'minHoursBetween' => 'min_hours_between',
    ];

    /**
     * @param string $mode `auto`, `off`.
     * @param float $minNewShare New labels as a share of the rows that the champion learnt from.
     */
    public function __construct(
        public readonly string $mode,
        public readonly int $minNewLabels,
        public readonly float $minNewShare,
        public readonly float $minHoursBetween,
    ) {
    }
}
