<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * What `GET /v1/tasks/{task}/quality` is asked for.
 */
final class QualityWindow extends Request
{
    protected const FIELDS = [
        'from' => 'from',
        'to' => 'to',
        'by' => 'by',
        'interval' => 'interval',
        'confidence' => 'confidence',
    ];

    /**
     * @param \DateTimeInterface|string|null $from Rounded down to the hour. Default: 30 days before `to`.
     * @param \DateTimeInterface|string|null $to Rounded up to the hour. Default: now.
     * @param string|null $by `label`, `model_version`, `reason`, `band`, `day`, `hour`.
     * @param string|null $interval `anytime`, `fixed`. `anytime` (default): holds however often it is looked at.
     *     `fixed`: shorter, for a figure that is looked at once.
     * @param float|null $confidence Of the intervals. Default: that of the error budget.
     */
    public function __construct(
        public readonly \DateTimeInterface|string|null $from = null,
        public readonly \DateTimeInterface|string|null $to = null,
        public readonly ?string $by = null,
        public readonly ?string $interval = null,
        public readonly ?float $confidence = null,
    ) {
    }
}
