<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class TaskAudit extends Record
{
    /**
     * @param float $rate Share of automated decisions that a person checks without seeing the answer.
     * @param float|null $nearThresholdRate Share in the lower half of the scores above the threshold.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly float $rate,
        public readonly ?float $nearThresholdRate = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::float($data['rate'] ?? null),
            Read::nullableFloat($data['near_threshold_rate'] ?? null),
            $data,
        );
    }
}
