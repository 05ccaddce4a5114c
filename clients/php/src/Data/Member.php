<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * A person in the workspace.
 */
final class Member extends Record
{
    /**
     * @param string $name For people; need not be unique. No control characters, no space at the beginning.
     * @param bool $active false = cannot sign in, and every session of theirs has ended.
     * @param string $createdBy Id of the member or key that added them, or `operator`.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param \DateTimeImmutable $updatedAt RFC 3339, UTC.
     * @param string|null $email
     * @param list<string> $scopes Those of the role.
     * @param \DateTimeImmutable|null $lastSeenAt Late by up to a minute.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $name,
        public readonly string $role,
        public readonly bool $active,
        public readonly string $createdBy,
        public readonly \DateTimeImmutable $createdAt,
        public readonly \DateTimeImmutable $updatedAt,
        public readonly ?string $email = null,
        public readonly array $scopes = [],
        public readonly ?\DateTimeImmutable $lastSeenAt = null,
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
            Read::string($data['role'] ?? null),
            Read::bool($data['active'] ?? null),
            Read::string($data['created_by'] ?? null),
            Read::time($data['created_at'] ?? null),
            Read::time($data['updated_at'] ?? null),
            Read::nullableString($data['email'] ?? null),
            Read::strings($data['scopes'] ?? null),
            Read::nullableTime($data['last_seen_at'] ?? null),
            $data,
        );
    }
}
