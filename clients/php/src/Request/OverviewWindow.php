<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * What `GET /v1/overview` is asked for.
 */
final class OverviewWindow extends Request
{
    protected const FIELDS = [
        'from' => 'from',
        'to' => 'to',
        'bucket' => 'bucket',
        'interval' => 'interval',
    ];

    /**
     * @param \DateTimeInterface|string|null $from Rounded down to the hour. Default: 30 days before `to`.
     * @param \DateTimeInterface|string|null $to Rounded up to the hour. Default: now.
     * @param string|null $bucket `ten_seconds`, `minute`, `hour`, `day`, `week`, `month`. Default: day. `minute`
     *     (windows up to 6 hours) and `ten_seconds` (up to 1 hour) reach back 12 hours, cover that much by default, and round
     *     the window to themselves instead of to hours.
     * @param string|null $interval `anytime`, `fixed`. `anytime` (default): holds however often it is looked at.
     *     `fixed`: shorter, for a figure that is looked at once.
     */
    public function __construct(
        public readonly \DateTimeInterface|string|null $from = null,
        public readonly \DateTimeInterface|string|null $to = null,
        public readonly ?string $bucket = null,
        public readonly ?string $interval = null,
    ) {
    }
}
