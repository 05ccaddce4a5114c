<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class DatasetVersion extends Record
{
    /**
     * @param int $groups Sets of rows that are never split: duplicates, near-duplicates and rows of one subject.
     * @param int $conflicts Rows whose input stands under another label too.
     * @param \DateTimeImmutable $createdAt RFC 3339, UTC.
     * @param list<RowCount> $labels
     * @param list<RowCount> $sources
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $id,
        public readonly int $rows,
        public readonly int $groups,
        public readonly int $conflicts,
        public readonly \DateTimeImmutable $createdAt,
        public readonly array $labels = [],
        public readonly array $sources = [],
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
            Read::int($data['rows'] ?? null),
            Read::int($data['groups'] ?? null),
            Read::int($data['conflicts'] ?? null),
            Read::time($data['created_at'] ?? null),
            array_map(static fn (mixed $item): RowCount => RowCount::fromArray(Read::object($item)), Read::list($data['labels'] ?? null)),
            array_map(static fn (mixed $item): RowCount => RowCount::fromArray(Read::object($item)), Read::list($data['sources'] ?? null)),
            $data,
        );
    }
}
