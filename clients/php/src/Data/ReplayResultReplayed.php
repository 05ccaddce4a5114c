<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ReplayResultReplayed extends Record
{
    /**
     * @param float|null $automationRate
     * @param float|null $expectedErrors
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $decisions,
        public readonly int $automated,
        public readonly ReplayResultReplayedErrorRate $errorRate,
        public readonly ReplayResultReplayedCost $cost,
        public readonly ReplayResultReplayedQueue $queue,
        public readonly ?float $automationRate = null,
        public readonly ?float $expectedErrors = null,
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
            ReplayResultReplayedErrorRate::fromArray(Read::object($data['error_rate'] ?? null)),
            ReplayResultReplayedCost::fromArray(Read::object($data['cost'] ?? null)),
            ReplayResultReplayedQueue::fromArray(Read::object($data['queue'] ?? null)),
            Read::nullableFloat($data['automation_rate'] ?? null),
            Read::nullableFloat($data['expected_errors'] ?? null),
            $data,
        );
    }
}
