<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ModelVersion extends Record
{
    /**
     * @param string $model Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param list<string> $aliases
     * @param list<string> $labels
     * @param array<string, mixed> $metrics
     * @param array<string, mixed>|null $certification null = never certified: every answer of this version goes to
     *     a person.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $model,
        public readonly string $version,
        public readonly ModelVersionArtifact $artifact,
        public readonly ModelVersionLineage $lineage,
        public readonly \DateTimeImmutable $createdAt,
        public readonly array $aliases = [],
        public readonly array $labels = [],
        public readonly array $metrics = [],
        public readonly ?array $certification = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['model'] ?? null),
            Read::string($data['version'] ?? null),
            ModelVersionArtifact::fromArray(Read::object($data['artifact'] ?? null)),
            ModelVersionLineage::fromArray(Read::object($data['lineage'] ?? null)),
            Read::time($data['created_at'] ?? null),
            Read::strings($data['aliases'] ?? null),
            Read::strings($data['labels'] ?? null),
            Read::object($data['metrics'] ?? null),
            Read::nullableObject($data['certification'] ?? null),
            $data,
        );
    }
}
