<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Source extends Record
{
    /**
     * @param string $source Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string $format `json`, `cloudevents`.
     * @param SourceMapping $mapping Where values stand in the message. `$` is its JSON; of a CloudEvent the event
     *     with its attributes and `data`. `input` and `external_id` must be found, `subject` and attributes may be absent.
     * @param string $state `idle`, `connecting`, `running`, `paused`, `failing`. `idle`: no worker process runs it.
     *     `failing`: messages wait in the broker; `problem` says why.
     * @param int $workers Processes that run it.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param \DateTimeImmutable $updatedAt RFC 3339, UTC.
     * @param SourceReplyTo|null $replyTo
     * @param Failure|null $problem
     * @param \DateTimeImmutable|null $failingSince
     * @param int|null $lag Messages that wait in the broker; null where it cannot tell.
     * @param \DateTimeImmutable|null $lastMessageAt
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $source,
        public readonly string $bus,
        public readonly string $topic,
        public readonly string $group,
        public readonly string $task,
        public readonly string $format,
        public readonly SourceMapping $mapping,
        public readonly string $state,
        public readonly int $workers,
        public readonly SourceCounts $counts,
        public readonly \DateTimeImmutable $createdAt,
        public readonly \DateTimeImmutable $updatedAt,
        public readonly ?SourceReplyTo $replyTo = null,
        public readonly ?Failure $problem = null,
        public readonly ?\DateTimeImmutable $failingSince = null,
        public readonly ?int $lag = null,
        public readonly ?\DateTimeImmutable $lastMessageAt = null,
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
            Read::string($data['source'] ?? null),
            Read::string($data['bus'] ?? null),
            Read::string($data['topic'] ?? null),
            Read::string($data['group'] ?? null),
            Read::string($data['task'] ?? null),
            Read::string($data['format'] ?? null),
            SourceMapping::fromArray(Read::object($data['mapping'] ?? null)),
            Read::string($data['state'] ?? null),
            Read::int($data['workers'] ?? null),
            SourceCounts::fromArray(Read::object($data['counts'] ?? null)),
            Read::time($data['created_at'] ?? null),
            Read::time($data['updated_at'] ?? null),
            \is_array($data['reply_to'] ?? null) ? SourceReplyTo::fromArray(Read::object($data['reply_to'] ?? null)) : null,
            \is_array($data['problem'] ?? null) ? Failure::fromArray(Read::object($data['problem'] ?? null)) : null,
            Read::nullableTime($data['failing_since'] ?? null),
            Read::nullableInt($data['lag'] ?? null),
            Read::nullableTime($data['last_message_at'] ?? null),
            $data,
        );
    }
}
