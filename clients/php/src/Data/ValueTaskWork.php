<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * What the minutes are made of. `waiting` and `by_hand` items count with the task’s minutes by hand.
 */
final class ValueTaskWork extends Record
{
    /**
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $verdicts,
        public readonly int $verdictsWithoutTime,
        public readonly int $waiting,
        public readonly int $byHand,
        public readonly int $auditVerdicts,
        public readonly int $auditVerdictsWithoutTime,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['verdicts'] ?? null),
            Read::int($data['verdicts_without_time'] ?? null),
            Read::int($data['waiting'] ?? null),
            Read::int($data['by_hand'] ?? null),
            Read::int($data['audit_verdicts'] ?? null),
            Read::int($data['audit_verdicts_without_time'] ?? null),
            $data,
        );
    }
}
