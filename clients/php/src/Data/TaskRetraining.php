<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class TaskRetraining extends Record
{
    /**
     * @param string $mode `auto`, `off`.
     * @param float $minNewShare New labels as a share of the rows that the champion learnt from.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $mode,
        public readonly int $minNewLabels,
        public readonly float $minNewShare,
        public readonly float $minHoursBetween,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['mode'] ?? null),
            Read::int($data['min_new_labels'] ?? null),
            Read::float($data['min_new_share'] ?? null),
            Read::float($data['min_hours_between'] ?? null),
            $data,
        );
    }
}
