<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * What `GET /v1/review/gold` is asked for.
 */
final class ReviewGoldFilter extends Request
{
    protected const FIELDS = [
        'task' => 'task',
    ];

    /**
     * @param string|null $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     */
    public function __construct(
        public readonly ?string $task = null,
    ) {
    }
}
