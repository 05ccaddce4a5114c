<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * One queue a task, fullest first.
 */
final class ReviewQueues extends Record
{
    /**
     * @param list<ReviewQueue> $data
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly ReviewQueuesTotal $total,
        public readonly array $data = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            ReviewQueuesTotal::fromArray(Read::object($data['total'] ?? null)),
            array_map(static fn (mixed $item): ReviewQueue => ReviewQueue::fromArray(Read::object($item)), Read::list($data['data'] ?? null)),
            $data,
        );
    }
}
