<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * What `GET /v1/alerts` is asked for.
 */
final class AlertFilter extends Request
{
    protected const FIELDS = [
        'task' => 'task',
        'open' => 'open',
    ];

    /**
     * @param string|null $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param bool|null $open Only those that are open, or only those that are not.
     */
    public function __construct(
        public readonly ?string $task = null,
        public readonly ?bool $open = null,
    ) {
    }
}
