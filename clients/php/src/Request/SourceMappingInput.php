<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class SourceMappingInput extends Request
{
    protected const FIELDS = [
        'text' => 'text',
    ];

    /**
     * @param string $text JSONPath (RFC 9535) of names and indexes: `$.comment.body`, `$["a b"][0]`.
     */
    public function __construct(
        public readonly string $text,
    ) {
    }
}
