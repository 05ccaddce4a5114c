<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * Of all rows, whatever the filter and the page.
 */
final class DatasetDiffSummary extends Record
{
    /**
     * @param list<DatasetDiffSummaryRelabelling> $relabellings Between which labels rows moved, the most first; at
     *     most 100 pairs.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $relabelled,
        public readonly int $added,
        public readonly int $removed,
        public readonly int $changed,
        public readonly int $unchanged,
        public readonly array $relabellings = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['relabelled'] ?? null),
            Read::int($data['added'] ?? null),
            Read::int($data['removed'] ?? null),
            Read::int($data['changed'] ?? null),
            Read::int($data['unchanged'] ?? null),
            array_map(static fn (mixed $item): DatasetDiffSummaryRelabelling => DatasetDiffSummaryRelabelling::fromArray(Read::object($item)), Read::list($data['relabellings'] ?? null)),
            $data,
        );
    }
}
