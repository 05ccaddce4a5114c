<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReplayResult extends Record
{
    /**
     * @param float $minutesPerVerdict As measured in the window; by hand where too few are.
     * @param int $erased Their input is gone: taken as recorded, or left to people.
     * @param int $unavailable No model that could score them: likewise.
     * @param list<ReplayResultConfigurationItem> $configuration Under what the decisions were made again.
     * @param list<string> $method
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly ReplayResultHistory $history,
        public readonly ReplayResultReplayed $replayed,
        public readonly ReplayResultCompared $compared,
        public readonly float $minutesPerVerdict,
        public readonly int $rescored,
        public readonly int $erased,
        public readonly int $unavailable,
        public readonly int $decisionsPerSecond,
        public readonly ReplayResultEvidence $evidence,
        public readonly array $configuration = [],
        public readonly array $method = [],
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            ReplayResultHistory::fromArray(Read::object($data['history'] ?? null)),
            ReplayResultReplayed::fromArray(Read::object($data['replayed'] ?? null)),
            ReplayResultCompared::fromArray(Read::object($data['compared'] ?? null)),
            Read::float($data['minutes_per_verdict'] ?? null),
            Read::int($data['rescored'] ?? null),
            Read::int($data['erased'] ?? null),
            Read::int($data['unavailable'] ?? null),
            Read::int($data['decisions_per_second'] ?? null),
            ReplayResultEvidence::fromArray(Read::object($data['evidence'] ?? null)),
            array_map(static fn (mixed $item): ReplayResultConfigurationItem => ReplayResultConfigurationItem::fromArray(Read::object($item)), Read::list($data['configuration'] ?? null)),
            Read::strings($data['method'] ?? null),
            $data,
        );
    }
}
