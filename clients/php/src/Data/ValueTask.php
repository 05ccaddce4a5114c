<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ValueTask extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param ValueTaskErrorRate $errorRate Share of automated decisions that were wrong, from the blind audit
     *     alone.
     * @param ValueTaskWork $work What the minutes are made of. `waiting` and `by_hand` items count with the
     *     task’s minutes by hand.
     * @param float|null $automationRate
     * @param float|null $humanTouchRate (Left to people + audited) / all. Neither rate replaces the other.
     * @param string|null $currency
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $task,
        public readonly string $taskId,
        public readonly string $title,
        public readonly int $decisions,
        public readonly int $automated,
        public readonly ValueTaskErrorRate $errorRate,
        public readonly ValueTaskCost $cost,
        public readonly ValueTaskWork $work,
        public readonly ValueTaskBaseline $baseline,
        public readonly ValueTaskSavings $savings,
        public readonly ValueTaskEconomics $economics,
        public readonly ?float $automationRate = null,
        public readonly ?float $humanTouchRate = null,
        public readonly ?string $currency = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['task'] ?? null),
            Read::string($data['task_id'] ?? null),
            Read::string($data['title'] ?? null),
            Read::int($data['decisions'] ?? null),
            Read::int($data['automated'] ?? null),
            ValueTaskErrorRate::fromArray(Read::object($data['error_rate'] ?? null)),
            ValueTaskCost::fromArray(Read::object($data['cost'] ?? null)),
            ValueTaskWork::fromArray(Read::object($data['work'] ?? null)),
            ValueTaskBaseline::fromArray(Read::object($data['baseline'] ?? null)),
            ValueTaskSavings::fromArray(Read::object($data['savings'] ?? null)),
            ValueTaskEconomics::fromArray(Read::object($data['economics'] ?? null)),
            Read::nullableFloat($data['automation_rate'] ?? null),
            Read::nullableFloat($data['human_touch_rate'] ?? null),
            Read::nullableString($data['currency'] ?? null),
            $data,
        );
    }
}
