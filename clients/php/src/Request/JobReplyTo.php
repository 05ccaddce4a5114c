<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class JobReplyTo extends Request
{
    protected const FIELDS = [
        'bus' => 'bus',
        'topic' => 'topic',
    ];

    /**
     * @param string $bus A name that the operator configured.
     */
    public function __construct(
        public readonly string $bus,
        public readonly string $topic,
    ) {
    }
}
