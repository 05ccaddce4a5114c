<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ValueReport extends Record
{
    /**
     * @param \DateTimeImmutable $from RFC 3339, UTC.
     * @param \DateTimeImmutable $to RFC 3339, UTC.
     * @param string $bucket `hour`, `day`, `week`, `month`.
     * @param \DateTimeImmutable $generatedAt RFC 3339, UTC.
     * @param ValueReportErrorRate $errorRate Share of automated decisions that were wrong, from the blind audit
     *     alone.
     * @param ValueReportWork $work What the minutes are made of. `waiting` and `by_hand` items count with the
     *     task’s minutes by hand.
     * @param string|null $task
     * @param float|null $automationRate
     * @param float|null $humanTouchRate (Left to people + audited) / all. Neither rate replaces the other.
     * @param string|null $currency
     * @param list<ValueReportCurrency> $currencies The totals of each currency.
     * @param list<ValueTask> $tasks
     * @param list<ValueBucket> $buckets Those with decisions, oldest first.
     * @param array<string, string> $method How each figure was computed, in plain words.
     * @param list<string> $notes
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly \DateTimeImmutable $from,
        public readonly \DateTimeImmutable $to,
        public readonly string $bucket,
        public readonly \DateTimeImmutable $generatedAt,
        public readonly int $decisions,
        public readonly int $automated,
        public readonly ValueReportErrorRate $errorRate,
        public readonly ValueReportCost $cost,
        public readonly ValueReportWork $work,
        public readonly ValueReportBaseline $baseline,
        public readonly ValueReportSavings $savings,
        public readonly ValueReportEvidence $evidence,
        public readonly ?string $task = null,
        public readonly ?float $automationRate = null,
        public readonly ?float $humanTouchRate = null,
        public readonly ?string $currency = null,
        public readonly array $currencies = [],
        public readonly array $tasks = [],
        public readonly array $buckets = [],
        public readonly array $method = [],
        public readonly array $notes = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::time($data['from'] ?? null),
            Read::time($data['to'] ?? null),
            Read::string($data['bucket'] ?? null),
            Read::time($data['generated_at'] ?? null),
            Read::int($data['decisions'] ?? null),
            Read::int($data['automated'] ?? null),
            ValueReportErrorRate::fromArray(Read::object($data['error_rate'] ?? null)),
            ValueReportCost::fromArray(Read::object($data['cost'] ?? null)),
            ValueReportWork::fromArray(Read::object($data['work'] ?? null)),
            ValueReportBaseline::fromArray(Read::object($data['baseline'] ?? null)),
            ValueReportSavings::fromArray(Read::object($data['savings'] ?? null)),
            ValueReportEvidence::fromArray(Read::object($data['evidence'] ?? null)),
            Read::nullableString($data['task'] ?? null),
            Read::nullableFloat($data['automation_rate'] ?? null),
            Read::nullableFloat($data['human_touch_rate'] ?? null),
            Read::nullableString($data['currency'] ?? null),
            array_map(static fn (mixed $item): ValueReportCurrency => ValueReportCurrency::fromArray(Read::object($item)), Read::list($data['currencies'] ?? null)),
            array_map(static fn (mixed $item): ValueTask => ValueTask::fromArray(Read::object($item)), Read::list($data['tasks'] ?? null)),
            array_map(static fn (mixed $item): ValueBucket => ValueBucket::fromArray(Read::object($item)), Read::list($data['buckets'] ?? null)),
            array_map(static fn (mixed $item): string => Read::string($item), Read::object($data['method'] ?? null)),
            Read::strings($data['notes'] ?? null),
            $data,
        );
    }
}
