<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class TaskInput extends Request
{
    protected const FIELDS = [
        'text' => 'text',
    ];

    /**
     * @param TaskInputText|array<string, mixed> $text
     */
    public function __construct(
        public readonly TaskInputText|array $text,
    ) {
    }
}
