<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class AliasHistoryEntry extends Record
{
    /**
     * @param \DateTimeImmutable $at RFC 3339, UTC.
     * @param string|null $version
     * @param string|null $previous
     * @param array<string, mixed> $evidence
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $alias,
        public readonly string $reason,
        public readonly string $by,
        public readonly \DateTimeImmutable $at,
        public readonly ?string $version = null,
        public readonly ?string $previous = null,
        public readonly array $evidence = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['alias'] ?? null),
            Read::string($data['reason'] ?? null),
            Read::string($data['by'] ?? null),
            Read::time($data['at'] ?? null),
            Read::nullableString($data['version'] ?? null),
            Read::nullableString($data['previous'] ?? null),
            Read::object($data['evidence'] ?? null),
            $data,
        );
    }
}
