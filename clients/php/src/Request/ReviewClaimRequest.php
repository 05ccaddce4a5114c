<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For review()->claim().
 */
final class ReviewClaimRequest extends Request
{
    protected const FIELDS = [
        'task' => 'task',
        'limit' => 'limit',
        'queue' => 'queue',
        'items' => 'items',
    ];

    /**
     * @param string|null $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param int|null $limit Absent = 1.
     * @param string|null $queue `reviewers`, `leads`. `leads` = what was escalated; needs the scope review:lead.
     *     Absent = "reviewers".
     * @param list<string>|null $items These items instead of the next ones; needs the scope review:lead.
     */
    public function __construct(
        public readonly ?string $task = null,
        public readonly ?int $limit = null,
        public readonly ?string $queue = null,
        public readonly ?array $items = null,
    ) {
    }
}
