<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Estimate extends Record
{
    /**
     * @param string $method How the interval was computed.
     * @param float|null $estimate
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly float $low,
        public readonly float $high,
        public readonly string $method,
        public readonly ?float $estimate = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::float($data['low'] ?? null),
            Read::float($data['high'] ?? null),
            Read::string($data['method'] ?? null),
            Read::nullableFloat($data['estimate'] ?? null),
            $data,
        );
    }
}
