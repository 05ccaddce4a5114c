<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * What `GET /v1/jobs` is asked for.
 */
final class JobFilter extends Request
{
    protected const FIELDS = [
        'status' => 'status',
        'task' => 'task',
    ];

    /**
     * @param string|null $status `queued`, `running`, `succeeded`, `failed`, `cancelled`.
     * @param string|null $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     */
    public function __construct(
        public readonly ?string $status = null,
        public readonly ?string $task = null,
    ) {
    }
}
