<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * A tenant: its keys, tasks, data and budget; nothing crosses from one to another.
 */
final class Workspace extends Record
{
    /**
     * @param string $name For people; need not be unique. No control characters, no space at the beginning.
     * @param bool $demo Filled with example data.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $name,
        public readonly bool $demo,
        public readonly \DateTimeImmutable $createdAt,
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
            Read::bool($data['demo'] ?? null),
            Read::time($data['created_at'] ?? null),
            $data,
        );
    }
}
