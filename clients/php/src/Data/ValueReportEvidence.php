<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ValueReportEvidence extends Record
{
    /**
     * @param int $ledgerSize Commits of the ledger that the figures have seen.
     * @param int $rows Ledger rows that the figures rest on: decisions and their labels.
     * @param int $decisionsWithoutTask Of deleted tasks: not priced and in no figure.
     * @param float $auditsExpected How many audits the recorded probabilities add up to.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $ledgerHead,
        public readonly int $ledgerSize,
        public readonly int $rows,
        public readonly int $decisionsWithoutTask,
        public readonly float $auditsExpected,
        public readonly int $auditsDone,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['ledger_head'] ?? null),
            Read::int($data['ledger_size'] ?? null),
            Read::int($data['rows'] ?? null),
            Read::int($data['decisions_without_task'] ?? null),
            Read::float($data['audits_expected'] ?? null),
            Read::int($data['audits_done'] ?? null),
            $data,
        );
    }
}
