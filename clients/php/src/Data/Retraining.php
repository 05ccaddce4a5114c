<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Retraining extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string $mode `auto`, `off`.
     * @param int $newLabels Labels that no run has learnt from.
     * @param int $needed New labels at which a run starts. Doubled by each run that did not pay.
     * @param string $reason What is waited for now, in plain words.
     * @param \DateTimeImmutable|null $nextCheck At the latest; null when it is off.
     * @param RetrainingLastRun|null $lastRun
     * @param RetrainingLastDecision|null $lastDecision The last run that the policy began, and why.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $task,
        public readonly string $mode,
        public readonly int $newLabels,
        public readonly int $needed,
        public readonly string $reason,
        public readonly ?\DateTimeImmutable $nextCheck = null,
        public readonly ?RetrainingLastRun $lastRun = null,
        public readonly ?RetrainingLastDecision $lastDecision = null,
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
            Read::string($data['mode'] ?? null),
            Read::int($data['new_labels'] ?? null),
            Read::int($data['needed'] ?? null),
            Read::string($data['reason'] ?? null),
            Read::nullableTime($data['next_check'] ?? null),
            \is_array($data['last_run'] ?? null) ? RetrainingLastRun::fromArray(Read::object($data['last_run'] ?? null)) : null,
            \is_array($data['last_decision'] ?? null) ? RetrainingLastDecision::fromArray(Read::object($data['last_decision'] ?? null)) : null,
            $data,
        );
    }
}
