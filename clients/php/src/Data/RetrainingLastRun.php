<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class RetrainingLastRun extends Record
{
    /**
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param string|null $modelVersion
     * @param Promotion|null $promotion
     * @param \DateTimeImmutable|null $finishedAt
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $status,
        public readonly string $requestedBy,
        public readonly \DateTimeImmutable $createdAt,
        public readonly ?string $modelVersion = null,
        public readonly ?Promotion $promotion = null,
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
            Read::string($data['status'] ?? null),
            Read::string($data['requested_by'] ?? null),
            Read::time($data['created_at'] ?? null),
            Read::nullableString($data['model_version'] ?? null),
            \is_array($data['promotion'] ?? null) ? Promotion::fromArray(Read::object($data['promotion'] ?? null)) : null,
            Read::nullableTime($data['finished_at'] ?? null),
            $data,
        );
    }
}
