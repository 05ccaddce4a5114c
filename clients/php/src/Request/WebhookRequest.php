<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For webhooks()->create(). With `task`, only events about that task are sent.
 */
final class WebhookRequest extends Request
{
    protected const FIELDS = [
        'url' => 'url',
        'events' => 'events',
        'task' => 'task',
        'description' => 'description',
    ];

    /**
     * @param string $url http or https, without user and password. Redirects are not followed.
     * @param list<string> $events Types of events; `*` is all of them, later ones included.
     * @param string|null $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     */
    public function __construct(
        public readonly string $url,
        public readonly array $events,
        public readonly ?string $task = null,
        public readonly ?string $description = null,
    ) {
    }
}
