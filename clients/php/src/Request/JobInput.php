<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class JobInput extends Request
{
    protected const FIELDS = [
        'text' => 'text',
    ];

    public function __construct(
        public readonly string $text,
    ) {
    }
}
