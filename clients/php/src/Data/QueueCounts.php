<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * Over all time, now.
 */
final class QueueCounts extends Record
{
    /**
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $waiting,
        public readonly int $review,
        public readonly int $audit,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['waiting'] ?? null),
            Read::int($data['review'] ?? null),
            Read::int($data['audit'] ?? null),
            $data,
        );
    }
}
