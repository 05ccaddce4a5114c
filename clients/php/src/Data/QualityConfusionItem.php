<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class QualityConfusionItem extends Record
{
    /**
     * @param string $lane `audited`, `reviewed`.
     * @param float $decisions How many decisions of the window these rows stand for.
     * @param string|null $answered
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $truth,
        public readonly string $lane,
        public readonly int $rows,
        public readonly float $decisions,
        public readonly ?string $answered = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['truth'] ?? null),
            Read::string($data['lane'] ?? null),
            Read::int($data['rows'] ?? null),
            Read::float($data['decisions'] ?? null),
            Read::nullableString($data['answered'] ?? null),
            $data,
        );
    }
}
