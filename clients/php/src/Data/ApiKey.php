<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * An API key, without its secret.
 */
final class ApiKey extends Record
{
    /**
     * @param string $name For people; need not be unique. No control characters, no space at the beginning.
     * @param string $hint The first characters of the key, to tell keys apart.
     * @param string $createdBy Id of the key that made it, or `operator`.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param list<string> $scopes
     * @param RateLimit|null $rateLimit null = the default of the server.
     * @param \DateTimeImmutable|null $expiresAt
     * @param \DateTimeImmutable|null $revokedAt
     * @param \DateTimeImmutable|null $lastUsedAt Late by up to a minute.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $name,
        public readonly string $hint,
        public readonly string $createdBy,
        public readonly \DateTimeImmutable $createdAt,
        public readonly array $scopes = [],
        public readonly ?RateLimit $rateLimit = null,
        public readonly ?\DateTimeImmutable $expiresAt = null,
        public readonly ?\DateTimeImmutable $revokedAt = null,
        public readonly ?\DateTimeImmutable $lastUsedAt = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['id'] ?? null),
            Read::string($data['name'] ?? null),
            Read::string($data['hint'] ?? null),
            Read::string($data['created_by'] ?? null),
            Read::time($data['created_at'] ?? null),
            Read::strings($data['scopes'] ?? null),
            \is_array($data['rate_limit'] ?? null) ? RateLimit::fromArray(Read::object($data['rate_limit'] ?? null)) : null,
            Read::nullableTime($data['expires_at'] ?? null),
            Read::nullableTime($data['revoked_at'] ?? null),
            Read::nullableTime($data['last_used_at'] ?? null),
            $data,
        );
    }
}
