<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class JobQueuesEntry extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param int $depth Jobs that wait and are due.
     * @param int $scheduled Jobs that wait for their time.
     * @param \DateTimeImmutable|null $oldestAt
     * @param int|null $oldestSeconds
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $task,
        public readonly int $depth,
        public readonly int $scheduled,
        public readonly int $running,
        public readonly ?\DateTimeImmutable $oldestAt = null,
        public readonly ?int $oldestSeconds = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['task'] ?? null),
            Read::int($data['depth'] ?? null),
            Read::int($data['scheduled'] ?? null),
            Read::int($data['running'] ?? null),
            Read::nullableTime($data['oldest_at'] ?? null),
            Read::nullableInt($data['oldest_seconds'] ?? null),
            $data,
        );
    }
}
