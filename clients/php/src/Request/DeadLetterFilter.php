<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * What `GET /v1/dead-letters` is asked for.
 */
final class DeadLetterFilter extends Request
{
    protected const FIELDS = [
        'kind' => 'kind',
        'task' => 'task',
        'origin' => 'origin',
        'state' => 'state',
    ];

    /**
     * @param string|null $kind `failed`, `unprocessable`. `failed` = ran out of attempts; `unprocessable` = can
     *     never succeed as it is.
     * @param string|null $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string|null $origin `job`, `source` or `outgoing`, or one of them: `job:job_…`.
     * @param string|null $state `waiting`, `replayed`, `discarded`.
     */
    public function __construct(
        public readonly ?string $kind = null,
        public readonly ?string $task = null,
        public readonly ?string $origin = null,
        public readonly ?string $state = null,
    ) {
    }
}
