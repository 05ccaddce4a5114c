<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class OverviewTask extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param QueueCounts $queue Over all time, now.
     * @param bool|null $withinBudget
     * @param OverviewTaskCertificate|null $certificate
     * @param list<OverviewPoint> $series
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $task,
        public readonly string $title,
        public readonly ErrorBudget $errorBudget,
        public readonly QueueCounts $queue,
        public readonly int $openAlerts,
        public readonly OverviewTaskTotal $total,
        public readonly ?bool $withinBudget = null,
        public readonly ?OverviewTaskCertificate $certificate = null,
        public readonly array $series = [],
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
            Read::string($data['title'] ?? null),
            ErrorBudget::fromArray(Read::object($data['error_budget'] ?? null)),
            QueueCounts::fromArray(Read::object($data['queue'] ?? null)),
            Read::int($data['open_alerts'] ?? null),
            OverviewTaskTotal::fromArray(Read::object($data['total'] ?? null)),
            Read::nullableBool($data['within_budget'] ?? null),
            \is_array($data['certificate'] ?? null) ? OverviewTaskCertificate::fromArray(Read::object($data['certificate'] ?? null)) : null,
            array_map(static fn (mixed $item): OverviewPoint => OverviewPoint::fromArray(Read::object($item)), Read::list($data['series'] ?? null)),
            $data,
        );
    }
}
