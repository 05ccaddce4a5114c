<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReplayResultCompared extends Record
{
    /**
     * @param list<ReplayResultComparedDifference> $differences The first ones.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $identical,
        public readonly int $different,
        public readonly int $newlyAutomated,
        public readonly int $newlyReviewed,
        public readonly int $otherLabel,
        public readonly array $differences = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['identical'] ?? null),
            Read::int($data['different'] ?? null),
            Read::int($data['newly_automated'] ?? null),
            Read::int($data['newly_reviewed'] ?? null),
            Read::int($data['other_label'] ?? null),
            array_map(static fn (mixed $item): ReplayResultComparedDifference => ReplayResultComparedDifference::fromArray(Read::object($item)), Read::list($data['differences'] ?? null)),
            $data,
        );
    }
}
