<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ExplanationFeature extends Record
{
    /**
     * @param list<int>|null $span [start, end) in UTF-16 code units of the input text.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $name,
        public readonly float $weight,
        public readonly ?array $span = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['name'] ?? null),
            Read::float($data['weight'] ?? null),
            \is_array($data['span'] ?? null) ? array_map(static fn (mixed $item): int => Read::int($item), Read::list($data['span'] ?? null)) : null,
            $data,
        );
    }
}
