<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Replay extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string $status `queued`, `running`, `succeeded`, `failed`, `cancelled`.
     * @param \DateTimeImmutable $to RFC 3339, UTC.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param \DateTimeImmutable|null $from
     * @param ReplayResult|null $result
     * @param Failure|null $error
     * @param \DateTimeImmutable|null $startedAt
     * @param \DateTimeImmutable|null $finishedAt
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $task,
        public readonly string $status,
        public readonly ReplayProgress $progress,
        public readonly \DateTimeImmutable $to,
        public readonly ReplayWhat $what,
        public readonly string $requestedBy,
        public readonly \DateTimeImmutable $createdAt,
        public readonly ?\DateTimeImmutable $from = null,
        public readonly ?ReplayResult $result = null,
        public readonly ?Failure $error = null,
        public readonly ?\DateTimeImmutable $startedAt = null,
        public readonly ?\DateTimeImmutable $finishedAt = null,
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
            Read::string($data['status'] ?? null),
            ReplayProgress::fromArray(Read::object($data['progress'] ?? null)),
            Read::time($data['to'] ?? null),
            ReplayWhat::fromArray(Read::object($data['what'] ?? null)),
            Read::string($data['requested_by'] ?? null),
            Read::time($data['created_at'] ?? null),
            Read::nullableTime($data['from'] ?? null),
            \is_array($data['result'] ?? null) ? ReplayResult::fromArray(Read::object($data['result'] ?? null)) : null,
            \is_array($data['error'] ?? null) ? Failure::fromArray(Read::object($data['error'] ?? null)) : null,
            Read::nullableTime($data['started_at'] ?? null),
            Read::nullableTime($data['finished_at'] ?? null),
            $data,
        );
    }
}
