<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class DeadLetterSummary extends Record
{
    /**
     * @param string $kind `failed`, `unprocessable`. `failed` = ran out of attempts; `unprocessable` = can never
     *     succeed as it is.
     * @param string $state `waiting`, `replayed`, `discarded`.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param string|null $task
     * @param string|null $message
     * @param string|null $traceId
     * @param \DateTimeImmutable|null $resolvedAt
     * @param string|null $resolvedBy
     * @param string|null $resolution
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $kind,
        public readonly string $state,
        public readonly DeadLetterSummaryOrigin $origin,
        public readonly Failure $reason,
        public readonly string $contentType,
        public readonly int $attempts,
        public readonly \DateTimeImmutable $createdAt,
        public readonly ?string $task = null,
        public readonly ?string $message = null,
        public readonly ?string $traceId = null,
        public readonly ?\DateTimeImmutable $resolvedAt = null,
        public readonly ?string $resolvedBy = null,
        public readonly ?string $resolution = null,
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
            Read::string($data['kind'] ?? null),
            Read::string($data['state'] ?? null),
            DeadLetterSummaryOrigin::fromArray(Read::object($data['origin'] ?? null)),
            Failure::fromArray(Read::object($data['reason'] ?? null)),
            Read::string($data['content_type'] ?? null),
            Read::int($data['attempts'] ?? null),
            Read::time($data['created_at'] ?? null),
            Read::nullableString($data['task'] ?? null),
            Read::nullableString($data['message'] ?? null),
            Read::nullableString($data['trace_id'] ?? null),
            Read::nullableTime($data['resolved_at'] ?? null),
            Read::nullableString($data['resolved_by'] ?? null),
            Read::nullableString($data['resolution'] ?? null),
            $data,
        );
    }
}
