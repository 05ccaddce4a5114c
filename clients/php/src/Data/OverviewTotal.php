<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class OverviewTotal extends Record
{
    /**
     * @param int $answered Decisions left to a person that a person has answered.
     * @param int $waiting Decisions that wait for a person: unanswered reviews and audits.
     * @param float|null $automationRate
     * @param float|null $humanTouchRate
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $decisions,
        public readonly int $automated,
        public readonly int $review,
        public readonly AuditedError $auditedError,
        public readonly int $answered,
        public readonly int $waiting,
        public readonly Estimate $suggestionError,
        public readonly ?float $automationRate = null,
        public readonly ?float $humanTouchRate = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['decisions'] ?? null),
            Read::int($data['automated'] ?? null),
            Read::int($data['review'] ?? null),
            AuditedError::fromArray(Read::object($data['audited_error'] ?? null)),
            Read::int($data['answered'] ?? null),
            Read::int($data['waiting'] ?? null),
            Estimate::fromArray(Read::object($data['suggestion_error'] ?? null)),
            Read::nullableFloat($data['automation_rate'] ?? null),
            Read::nullableFloat($data['human_touch_rate'] ?? null),
            $data,
        );
    }
}
