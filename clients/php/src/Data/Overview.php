<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Overview extends Record
{
    /**
     * @param \DateTimeImmutable $from RFC 3339, UTC.
     * @param \DateTimeImmutable $to RFC 3339, UTC.
     * @param string $bucket `ten_seconds`, `minute`, `hour`, `day`, `week`, `month`.
     * @param string $interval `anytime`, `fixed`.
     * @param float $confidence Of the intervals over all tasks; each task has that of its budget.
     * @param list<OverviewPoint> $series
     * @param list<OverviewTask> $tasks
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly \DateTimeImmutable $from,
        public readonly \DateTimeImmutable $to,
        public readonly string $bucket,
        public readonly string $interval,
        public readonly float $confidence,
        public readonly OverviewTotal $total,
        public readonly QueueCounts $queue,
        public readonly int $openAlerts,
        public readonly OverviewEvidence $evidence,
        public readonly string $method,
        public readonly array $series = [],
        public readonly array $tasks = [],
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
            Read::string($data['interval'] ?? null),
            Read::float($data['confidence'] ?? null),
            OverviewTotal::fromArray(Read::object($data['total'] ?? null)),
            QueueCounts::fromArray(Read::object($data['queue'] ?? null)),
            Read::int($data['open_alerts'] ?? null),
            OverviewEvidence::fromArray(Read::object($data['evidence'] ?? null)),
            Read::string($data['method'] ?? null),
            array_map(static fn (mixed $item): OverviewPoint => OverviewPoint::fromArray(Read::object($item)), Read::list($data['series'] ?? null)),
            array_map(static fn (mixed $item): OverviewTask => OverviewTask::fromArray(Read::object($item)), Read::list($data['tasks'] ?? null)),
            $data,
        );
    }
}
