<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * What `GET /v1/review/items` is asked for.
 */
final class ReviewFilter extends Request
{
    protected const FIELDS = [
        'task' => 'task',
        'status' => 'status',
        'kind' => 'kind',
    ];

    /**
     * @param string|null $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string|null $status `waiting`, `claimed`, `escalated`, `answered`, `closed`.
     * @param string|null $kind `review`, `audit`, `appeal`, `gold`. Why the item stands in the queue. `gold` is an
     *     item whose answer is known.
     */
    public function __construct(
        public readonly ?string $task = null,
        public readonly ?string $status = null,
        public readonly ?string $kind = null,
    ) {
    }
}
