<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * Counted in each server process by itself.
 */
final class ApiKeyRateLimit extends Request
{
    protected const FIELDS = [
        'requestsPerMinute' => 'requests_per_minute',
    ];

    public function __construct(
        public readonly int $requestsPerMinute,
    ) {
    }
}
