<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class NewWebhookHealth extends Record
{
    /**
     * @param int $failures In a row, since the last success.
     * @param \DateTimeImmutable|null $failingSince
     * @param \DateTimeImmutable|null $restingUntil
     * @param \DateTimeImmutable|null $lastSuccessAt
     * @param \DateTimeImmutable|null $lastFailureAt
     * @param string|null $lastProblem
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly int $failures,
        public readonly ?\DateTimeImmutable $failingSince = null,
        public readonly ?\DateTimeImmutable $restingUntil = null,
        public readonly ?\DateTimeImmutable $lastSuccessAt = null,
        public readonly ?\DateTimeImmutable $lastFailureAt = null,
        public readonly ?string $lastProblem = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::int($data['failures'] ?? null),
            Read::nullableTime($data['failing_since'] ?? null),
            Read::nullableTime($data['resting_until'] ?? null),
            Read::nullableTime($data['last_success_at'] ?? null),
            Read::nullableTime($data['last_failure_at'] ?? null),
            Read::nullableString($data['last_problem'] ?? null),
            $data,
        );
    }
}
