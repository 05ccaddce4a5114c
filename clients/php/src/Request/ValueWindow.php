<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * What `GET /v1/value` is asked for.
 */
final class ValueWindow extends Request
{
    protected const FIELDS = [
        'task' => 'task',
        'from' => 'from',
        'to' => 'to',
        'bucket' => 'bucket',
    ];

    /**
     * @param string|null $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param \DateTimeInterface|string|null $from Decisions from this hour on (UTC, rounded down).
     * @param \DateTimeInterface|string|null $to Decisions before this hour (UTC, rounded up). Absent = now.
     * @param string|null $bucket `hour`, `day`, `week`, `month`. Absent = chosen by the length of the window.
     */
    public function __construct(
        public readonly ?string $task = null,
        public readonly \DateTimeInterface|string|null $from = null,
        public readonly \DateTimeInterface|string|null $to = null,
        public readonly ?string $bucket = null,
    ) {
    }
}
