<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ExampleStats extends Record
{
    /**
     * @param int $conflicts Rows whose input stands under more than one label.
     * @param list<ExampleCount> $labels
     * @param list<ExampleCount> $sources
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $examples,
        public readonly int $conflicts,
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
            Read::int($data['examples'] ?? null),
            Read::int($data['conflicts'] ?? null),
            array_map(static fn (mixed $item): ExampleCount => ExampleCount::fromArray(Read::object($item)), Read::list($data['labels'] ?? null)),
            array_map(static fn (mixed $item): ExampleCount => ExampleCount::fromArray(Read::object($item)), Read::list($data['sources'] ?? null)),
            $data,
        );
    }
}
