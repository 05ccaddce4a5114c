<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * One event on its way to one receiver.
 */
final class WebhookDelivery extends Record
{
    /**
     * @param string $event Id of the event; the header `webhook-id`.
     * @param string $status `waiting`, `delivered`, `failed`.
     * @param \DateTimeImmutable $givesUpAt RFC 3339, UTC.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param string|null $webhook
     * @param string|null $url
     * @param \DateTimeImmutable|null $nextAttemptAt
     * @param \DateTimeImmutable|null $finishedAt
     * @param int|null $responseStatus
     * @param string|null $problem
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $event,
        public readonly string $type,
        public readonly string $subject,
        public readonly string $status,
        public readonly int $attempts,
        public readonly \DateTimeImmutable $givesUpAt,
        public readonly \DateTimeImmutable $createdAt,
        public readonly ?string $webhook = null,
        public readonly ?string $url = null,
        public readonly ?\DateTimeImmutable $nextAttemptAt = null,
        public readonly ?\DateTimeImmutable $finishedAt = null,
        public readonly ?int $responseStatus = null,
        public readonly ?string $problem = null,
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
            Read::string($data['event'] ?? null),
            Read::string($data['type'] ?? null),
            Read::string($data['subject'] ?? null),
            Read::string($data['status'] ?? null),
            Read::int($data['attempts'] ?? null),
            Read::time($data['gives_up_at'] ?? null),
            Read::time($data['created_at'] ?? null),
            Read::nullableString($data['webhook'] ?? null),
            Read::nullableString($data['url'] ?? null),
            Read::nullableTime($data['next_attempt_at'] ?? null),
            Read::nullableTime($data['finished_at'] ?? null),
            Read::nullableInt($data['response_status'] ?? null),
            Read::nullableString($data['problem'] ?? null),
            $data,
        );
    }
}
