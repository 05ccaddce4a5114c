<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Job extends Record
{
    /**
     * @param string $id Id of a job, `job_…`.
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string $status `queued`, `running`, `succeeded`, `failed`, `cancelled`.
     * @param int $attempts Times that a worker took it up, or the chunk of it that is under way.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param string|null $externalId
     * @param int|null $failedItems Of a job with items: those that could not be decided.
     * @param Failure|null $error
     * @param \DateTimeImmutable|null $notBefore
     * @param \DateTimeImmutable|null $startedAt
     * @param \DateTimeImmutable|null $finishedAt
     * @param \Understudy\Client\Decision|null $decision
     * @param list<JobDecision>|null $decisions Of a job with items: one page, in order; `decision` and `error` are
     *     null while it waits.
     * @param string|null $nextCursor
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $task,
        public readonly string $status,
        public readonly int $priority,
        public readonly int $attempts,
        public readonly JobProgress $progress,
        public readonly \DateTimeImmutable $createdAt,
        public readonly ?string $externalId = null,
        public readonly ?int $failedItems = null,
        public readonly ?Failure $error = null,
        public readonly ?\DateTimeImmutable $notBefore = null,
        public readonly ?\DateTimeImmutable $startedAt = null,
        public readonly ?\DateTimeImmutable $finishedAt = null,
        public readonly ?\Understudy\Client\Decision $decision = null,
        public readonly ?array $decisions = null,
        public readonly ?string $nextCursor = null,
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
            Read::int($data['priority'] ?? null),
            Read::int($data['attempts'] ?? null),
            JobProgress::fromArray(Read::object($data['progress'] ?? null)),
            Read::time($data['created_at'] ?? null),
            Read::nullableString($data['external_id'] ?? null),
            Read::nullableInt($data['failed_items'] ?? null),
            \is_array($data['error'] ?? null) ? Failure::fromArray(Read::object($data['error'] ?? null)) : null,
            Read::nullableTime($data['not_before'] ?? null),
            Read::nullableTime($data['started_at'] ?? null),
            Read::nullableTime($data['finished_at'] ?? null),
            \is_array($data['decision'] ?? null) ? \Understudy\Client\Decision::fromArray(Read::object($data['decision'] ?? null)) : null,
            \is_array($data['decisions'] ?? null) ? array_map(static fn (mixed $item): JobDecision => JobDecision::fromArray(Read::object($item)), Read::list($data['decisions'] ?? null)) : null,
            Read::nullableString($data['next_cursor'] ?? null),
            $data,
        );
    }
}
