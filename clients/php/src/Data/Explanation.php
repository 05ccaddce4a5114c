<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Explanation extends Record
{
    /**
     * @param float $remainder Contributions not listed: score = bias + Σ weight + remainder.
     * @param list<ExplanationFeature> $features
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $method,
        public readonly string $label,
        public readonly float $score,
        public readonly string $unit,
        public readonly float $bias,
        public readonly float $remainder,
        public readonly array $features = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['method'] ?? null),
            Read::string($data['label'] ?? null),
            Read::float($data['score'] ?? null),
            Read::string($data['unit'] ?? null),
            Read::float($data['bias'] ?? null),
            Read::float($data['remainder'] ?? null),
            array_map(static fn (mixed $item): ExplanationFeature => ExplanationFeature::fromArray(Read::object($item)), Read::list($data['features'] ?? null)),
            $data,
        );
    }
}
