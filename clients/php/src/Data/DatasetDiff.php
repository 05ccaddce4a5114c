<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class DatasetDiff extends Record
{
    /**
     * @param DatasetDiffSummary $summary Of all rows, whatever the filter and the page.
     * @param list<DatasetRowDifference> $data
     * @param string|null $nextCursor
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $base,
        public readonly string $dataset,
        public readonly DatasetDiffSummary $summary,
        public readonly array $data = [],
        public readonly ?string $nextCursor = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['base'] ?? null),
            Read::string($data['dataset'] ?? null),
            DatasetDiffSummary::fromArray(Read::object($data['summary'] ?? null)),
            array_map(static fn (mixed $item): DatasetRowDifference => DatasetRowDifference::fromArray(Read::object($item)), Read::list($data['data'] ?? null)),
            Read::nullableString($data['next_cursor'] ?? null),
            $data,
        );
    }
}
