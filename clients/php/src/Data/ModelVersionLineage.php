<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ModelVersionLineage extends Record
{
    /**
     * @param array<string, mixed> $parameters
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $taskId,
        public readonly int $taskRevision,
        public readonly string $trainingRun,
        public readonly string $dataset,
        public readonly string $trainer,
        public readonly int $seed,
        public readonly string $codeVersion,
        public readonly array $parameters = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['task_id'] ?? null),
            Read::int($data['task_revision'] ?? null),
            Read::string($data['training_run'] ?? null),
            Read::string($data['dataset'] ?? null),
            Read::string($data['trainer'] ?? null),
            Read::int($data['seed'] ?? null),
            Read::string($data['code_version'] ?? null),
            Read::object($data['parameters'] ?? null),
            $data,
        );
    }
}
