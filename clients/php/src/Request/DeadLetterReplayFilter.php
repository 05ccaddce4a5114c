<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * Instead of `ids`; `{}` = all that wait.
 */
final class DeadLetterReplayFilter extends Request
{
    protected const FIELDS = [
        'kind' => 'kind',
        'task' => 'task',
        'origin' => 'origin',
    ];

    /**
     * @param string|null $kind `failed`, `unprocessable`. `failed` = ran out of attempts; `unprocessable` = can
     *     never succeed as it is.
     * @param string|null $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string|null $origin `job`, `source` or `outgoing`, or one of them: `job:job_…`.
     */
    public function __construct(
        public readonly ?string $kind = null,
        public readonly ?string $task = null,
        public readonly ?string $origin = null,
    ) {
    }
}
