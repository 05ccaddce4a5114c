<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReplayResultReplayedQueueBusiestDay extends Record
{
    /**
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $day,
        public readonly int $items,
        public readonly float $minutes,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['day'] ?? null),
            Read::int($data['items'] ?? null),
            Read::float($data['minutes'] ?? null),
            $data,
        );
    }
}
