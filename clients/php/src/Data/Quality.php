<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Quality extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param \DateTimeImmutable $from RFC 3339, UTC.
     * @param \DateTimeImmutable $to RFC 3339, UTC.
     * @param string $interval `anytime`, `fixed`.
     * @param float $throughputPerHour Decisions an hour, over the hours of the window that have passed.
     * @param QualityEvidence $evidence Commits of the ledger that the figures rest on.
     * @param string|null $by
     * @param list<QualityGroup> $groups
     * @param list<LabelQuality> $labels
     * @param list<QualityConfusionItem> $confusion Wrong answers and suggestions, most frequent first (at most
     *     100).
     * @param list<QualityConfidenceDistributionItem> $confidenceDistribution
     * @param array<string, int> $labelsBySource
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $task,
        public readonly \DateTimeImmutable $from,
        public readonly \DateTimeImmutable $to,
        public readonly string $interval,
        public readonly float $confidence,
        public readonly ErrorBudget $errorBudget,
        public readonly QualityTotal $total,
        public readonly QualityLatencyMs $latencyMs,
        public readonly float $throughputPerHour,
        public readonly QualitySeconds $seconds,
        public readonly QualityEvidence $evidence,
        public readonly string $method,
        public readonly ?string $by = null,
        public readonly array $groups = [],
        public readonly array $labels = [],
        public readonly array $confusion = [],
        public readonly array $confidenceDistribution = [],
        public readonly array $labelsBySource = [],
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
            Read::time($data['from'] ?? null),
            Read::time($data['to'] ?? null),
            Read::string($data['interval'] ?? null),
            Read::float($data['confidence'] ?? null),
            ErrorBudget::fromArray(Read::object($data['error_budget'] ?? null)),
            QualityTotal::fromArray(Read::object($data['total'] ?? null)),
            QualityLatencyMs::fromArray(Read::object($data['latency_ms'] ?? null)),
            Read::float($data['throughput_per_hour'] ?? null),
            QualitySeconds::fromArray(Read::object($data['seconds'] ?? null)),
            QualityEvidence::fromArray(Read::object($data['evidence'] ?? null)),
            Read::string($data['method'] ?? null),
            Read::nullableString($data['by'] ?? null),
            array_map(static fn (mixed $item): QualityGroup => QualityGroup::fromArray(Read::object($item)), Read::list($data['groups'] ?? null)),
            array_map(static fn (mixed $item): LabelQuality => LabelQuality::fromArray(Read::object($item)), Read::list($data['labels'] ?? null)),
            array_map(static fn (mixed $item): QualityConfusionItem => QualityConfusionItem::fromArray(Read::object($item)), Read::list($data['confusion'] ?? null)),
            array_map(static fn (mixed $item): QualityConfidenceDistributionItem => QualityConfidenceDistributionItem::fromArray(Read::object($item)), Read::list($data['confidence_distribution'] ?? null)),
            array_map(static fn (mixed $item): int => Read::int($item), Read::object($data['labels_by_source'] ?? null)),
            $data,
        );
    }
}
