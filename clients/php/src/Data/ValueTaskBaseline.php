<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ValueTaskBaseline extends Record
{
    /**
     * @param string|null $cost
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly float $minutes,
        public readonly ?string $cost = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::float($data['minutes'] ?? null),
            Read::nullableString($data['cost'] ?? null),
            $data,
        );
    }
}
