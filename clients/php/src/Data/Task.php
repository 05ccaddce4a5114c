<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Task extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param int $revision Grows when labels or input change.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param \DateTimeImmutable $updatedAt RFC 3339, UTC.
     * @param list<Label> $labels
     * @param array<string, mixed> $automation
     * @param list<string> $personalData
     * @param list<string> $sensitiveAttributes
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $kind,
        public readonly string $title,
        public readonly TaskInput $input,
        public readonly ErrorBudget $errorBudget,
        public readonly TaskEconomics $economics,
        public readonly TaskAudit $audit,
        public readonly TaskCertification $certification,
        public readonly TaskRetraining $retraining,
        public readonly TaskReview $review,
        public readonly string $instructions,
        public readonly int $retentionDays,
        public readonly string $owner,
        public readonly string $id,
        public readonly string $task,
        public readonly int $revision,
        public readonly \DateTimeImmutable $createdAt,
        public readonly \DateTimeImmutable $updatedAt,
        public readonly array $labels = [],
        public readonly array $automation = [],
        public readonly array $personalData = [],
        public readonly array $sensitiveAttributes = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['kind'] ?? null),
            Read::string($data['title'] ?? null),
            TaskInput::fromArray(Read::object($data['input'] ?? null)),
            ErrorBudget::fromArray(Read::object($data['error_budget'] ?? null)),
            TaskEconomics::fromArray(Read::object($data['economics'] ?? null)),
            TaskAudit::fromArray(Read::object($data['audit'] ?? null)),
            TaskCertification::fromArray(Read::object($data['certification'] ?? null)),
            TaskRetraining::fromArray(Read::object($data['retraining'] ?? null)),
            TaskReview::fromArray(Read::object($data['review'] ?? null)),
            Read::string($data['instructions'] ?? null),
            Read::int($data['retention_days'] ?? null),
            Read::string($data['owner'] ?? null),
            Read::string($data['id'] ?? null),
            Read::string($data['task'] ?? null),
            Read::int($data['revision'] ?? null),
            Read::time($data['created_at'] ?? null),
            Read::time($data['updated_at'] ?? null),
            array_map(static fn (mixed $item): Label => Label::fromArray(Read::object($item)), Read::list($data['labels'] ?? null)),
            Read::object($data['automation'] ?? null),
            Read::strings($data['personal_data'] ?? null),
            Read::strings($data['sensitive_attributes'] ?? null),
            $data,
        );
    }
}
