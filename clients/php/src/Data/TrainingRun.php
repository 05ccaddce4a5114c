<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class TrainingRun extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string $status `queued`, `running`, `succeeded`, `failed`, `cancelled`.
     * @param string $trainer As asked for.
     * @param string $requestedBy Id of the key or member, or `policy`.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param string|null $chosenTrainer
     * @param string|null $dataset
     * @param array<string, mixed> $parameters
     * @param array<string, mixed>|null $metrics
     * @param string|null $modelVersion
     * @param Promotion|null $promotion
     * @param Failure|null $error
     * @param list<string> $log
     * @param string|null $reason
     * @param \DateTimeImmutable|null $startedAt
     * @param \DateTimeImmutable|null $finishedAt
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly string $task,
        public readonly string $status,
        public readonly Progress $progress,
        public readonly string $trainer,
        public readonly int $seed,
        public readonly string $promote,
        public readonly int $attempts,
        public readonly bool $cancelRequested,
        public readonly string $requestedBy,
        public readonly \DateTimeImmutable $createdAt,
        public readonly ?string $chosenTrainer = null,
        public readonly ?string $dataset = null,
        public readonly array $parameters = [],
        public readonly ?array $metrics = null,
        public readonly ?string $modelVersion = null,
        public readonly ?Promotion $promotion = null,
        public readonly ?Failure $error = null,
        public readonly array $log = [],
        public readonly ?string $reason = null,
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
            Progress::fromArray(Read::object($data['progress'] ?? null)),
            Read::string($data['trainer'] ?? null),
            Read::int($data['seed'] ?? null),
            Read::string($data['promote'] ?? null),
            Read::int($data['attempts'] ?? null),
            Read::bool($data['cancel_requested'] ?? null),
            Read::string($data['requested_by'] ?? null),
            Read::time($data['created_at'] ?? null),
            Read::nullableString($data['chosen_trainer'] ?? null),
            Read::nullableString($data['dataset'] ?? null),
            Read::object($data['parameters'] ?? null),
            Read::nullableObject($data['metrics'] ?? null),
            Read::nullableString($data['model_version'] ?? null),
            \is_array($data['promotion'] ?? null) ? Promotion::fromArray(Read::object($data['promotion'] ?? null)) : null,
            \is_array($data['error'] ?? null) ? Failure::fromArray(Read::object($data['error'] ?? null)) : null,
            Read::strings($data['log'] ?? null),
            Read::nullableString($data['reason'] ?? null),
            Read::nullableTime($data['started_at'] ?? null),
            Read::nullableTime($data['finished_at'] ?? null),
            $data,
        );
    }
}
