<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ImportResponse extends Record
{
    /**
     * @param int $duplicates Not stored again: the task has this input with this label.
     * @param int $conflicts Stored and marked: an earlier row has the same input and another label.
     * @param list<ImportResponseProblem> $problems The first 100.
     * @param list<string> $newLabels
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $accepted,
        public readonly int $duplicates,
        public readonly int $conflicts,
        public readonly int $rejected,
        public readonly array $problems = [],
        public readonly array $newLabels = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['accepted'] ?? null),
            Read::int($data['duplicates'] ?? null),
            Read::int($data['conflicts'] ?? null),
            Read::int($data['rejected'] ?? null),
            array_map(static fn (mixed $item): ImportResponseProblem => ImportResponseProblem::fromArray(Read::object($item)), Read::list($data['problems'] ?? null)),
            Read::strings($data['new_labels'] ?? null),
            $data,
        );
    }
}
