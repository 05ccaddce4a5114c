<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Alert extends Record
{
    /**
     * @param string $kind `error_budget_exceeded`, `uncertified_error`, `audit_backlog`, `review_backlog`,
     *     `webhook_disabled`.
     * @param string $severity `critical`, `warning`.
     * @param \DateTimeImmutable $openedAt RFC 3339, UTC.
     * @param string|null $task Null: about the workspace.
     * @param array<string, mixed> $evidence
     * @param \DateTimeImmutable|null $resolvedAt
     * @param string|null $resolution
     * @param AlertAcknowledged|null $acknowledged
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $kind,
        public readonly string $severity,
        public readonly bool $open,
        public readonly string $summary,
        public readonly \DateTimeImmutable $openedAt,
        public readonly ?string $task = null,
        public readonly array $evidence = [],
        public readonly ?\DateTimeImmutable $resolvedAt = null,
        public readonly ?string $resolution = null,
        public readonly ?AlertAcknowledged $acknowledged = null,
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
            Read::string($data['severity'] ?? null),
            Read::bool($data['open'] ?? null),
            Read::string($data['summary'] ?? null),
            Read::time($data['opened_at'] ?? null),
            Read::nullableString($data['task'] ?? null),
            Read::object($data['evidence'] ?? null),
            Read::nullableTime($data['resolved_at'] ?? null),
            Read::nullableString($data['resolution'] ?? null),
            \is_array($data['acknowledged'] ?? null) ? AlertAcknowledged::fromArray(Read::object($data['acknowledged'] ?? null)) : null,
            $data,
        );
    }
}
