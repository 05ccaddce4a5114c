<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReplayResultConfigurationItem extends Record
{
    /**
     * @param string|null $modelVersion
     * @param float|null $threshold
     * @param string|null $note
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $status,
        public readonly int $decisions,
        public readonly ?string $modelVersion = null,
        public readonly ?float $threshold = null,
        public readonly ?string $note = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['status'] ?? null),
            Read::int($data['decisions'] ?? null),
            Read::nullableString($data['model_version'] ?? null),
            Read::nullableFloat($data['threshold'] ?? null),
            Read::nullableString($data['note'] ?? null),
            $data,
        );
    }
}
