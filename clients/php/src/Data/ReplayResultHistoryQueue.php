<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReplayResultHistoryQueue extends Record
{
    /**
     * @param float $audits Expected: the audit probabilities added up.
     * @param float $minutes Items and audits × minutes a verdict.
     * @param ReplayResultHistoryQueueBusiestDay|null $busiestDay
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $items,
        public readonly float $audits,
        public readonly float $minutes,
        public readonly ?ReplayResultHistoryQueueBusiestDay $busiestDay = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['items'] ?? null),
            Read::float($data['audits'] ?? null),
            Read::float($data['minutes'] ?? null),
            \is_array($data['busiest_day'] ?? null) ? ReplayResultHistoryQueueBusiestDay::fromArray(Read::object($data['busiest_day'] ?? null)) : null,
            $data,
        );
    }
}
