<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReviewGold extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $task,
        public readonly string $decision,
        public readonly string $label,
        public readonly string $createdBy,
        public readonly \DateTimeImmutable $createdAt,
        public readonly int $answered,
        public readonly int $correct,
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
            Read::string($data['task'] ?? null),
            Read::string($data['decision'] ?? null),
            Read::string($data['label'] ?? null),
            Read::string($data['created_by'] ?? null),
            Read::time($data['created_at'] ?? null),
            Read::int($data['answered'] ?? null),
            Read::int($data['correct'] ?? null),
            $data,
        );
    }
}
