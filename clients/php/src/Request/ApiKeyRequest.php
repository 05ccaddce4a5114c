<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For keys()->create().
 */
final class ApiKeyRequest extends Request
{
    protected const FIELDS = [
        'name' => 'name',
        'scopes' => 'scopes',
        'expiresAt' => 'expires_at',
        'rateLimit' => 'rate_limit',
    ];

    /**
     * @param string $name For people; need not be unique. No control characters, no space at the beginning.
     * @param list<string> $scopes Only scopes that the calling key holds itself.
     * @param \DateTimeInterface|string|null $expiresAt Absent = that of the calling key, if it has one.
     * @param ApiKeyRateLimit|array<string, mixed>|null $rateLimit Counted in each server process by itself.
     */
    public function __construct(
        public readonly string $name,
        public readonly array $scopes,
        public readonly \DateTimeInterface|string|null $expiresAt = null,
        public readonly ApiKeyRateLimit|array|null $rateLimit = null,
    ) {
    }
}
