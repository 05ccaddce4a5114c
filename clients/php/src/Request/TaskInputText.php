<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class TaskInputText extends Request
{
    protected const FIELDS = [
        'type' => 'type',
        'maxLength' => 'max_length',
    ];

    public function __construct(
        public readonly string $type = 'string',
        public readonly ?int $maxLength = null,
    ) {
    }
}
