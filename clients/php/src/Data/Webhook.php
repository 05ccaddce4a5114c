<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * An endpoint of the application.
 */
final class Webhook extends Record
{
    /**
     * @param string $status `enabled`, `disabled`.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param \DateTimeImmutable $updatedAt RFC 3339, UTC.
     * @param list<string> $events
     * @param string|null $task
     * @param string|null $description
     * @param Disabled|null $disabled
     * @param \DateTimeImmutable|null $previousSecretUntil
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $url,
        public readonly string $status,
        public readonly WebhookHealth $health,
        public readonly string $createdBy,
        public readonly \DateTimeImmutable $createdAt,
        public readonly \DateTimeImmutable $updatedAt,
        public readonly array $events = [],
        public readonly ?string $task = null,
        public readonly ?string $description = null,
        public readonly ?Disabled $disabled = null,
        public readonly ?\DateTimeImmutable $previousSecretUntil = null,
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
            Read::string($data['url'] ?? null),
            Read::string($data['status'] ?? null),
            WebhookHealth::fromArray(Read::object($data['health'] ?? null)),
            Read::string($data['created_by'] ?? null),
            Read::time($data['created_at'] ?? null),
            Read::time($data['updated_at'] ?? null),
            Read::strings($data['events'] ?? null),
            Read::nullableString($data['task'] ?? null),
            Read::nullableString($data['description'] ?? null),
            \is_array($data['disabled'] ?? null) ? Disabled::fromArray(Read::object($data['disabled'] ?? null)) : null,
            Read::nullableTime($data['previous_secret_until'] ?? null),
            $data,
        );
    }
}
