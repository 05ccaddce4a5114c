<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For webhooks()->change(). What is absent stays as it is.
 */
final class WebhookChange extends Request
{
    protected const FIELDS = [
        'url' => 'url',
        'events' => 'events',
        'task' => 'task',
        'description' => 'description',
    ];

    protected const NULLS = ['task', 'description'];

    /**
     * @param string|null $url http or https, without user and password. Redirects are not followed.
     * @param list<string>|null $events Types of events; `*` is all of them, later ones included.
     * @param string|null|Leave $task Lower-case letters, digits and hyphens; starts with a letter; at most 63
     *     characters. Null empties it.
     * @param string|null|Leave $description Null empties it.
     */
    public function __construct(
        public readonly ?string $url = null,
        public readonly ?array $events = null,
        public readonly string|Leave|null $task = Leave::Out,
        public readonly string|Leave|null $description = Leave::Out,
    ) {
    }
}
