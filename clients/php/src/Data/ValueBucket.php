<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class ValueBucket extends Record
{
    /**
     * @param \DateTimeImmutable $from RFC 3339, UTC.
     * @param \DateTimeImmutable $to RFC 3339, UTC.
     * @param ValueBucketErrorRate $errorRate Share of automated decisions that were wrong, from the blind audit
     *     alone.
     * @param ValueBucketWork $work What the minutes are made of. `waiting` and `by_hand` items count with the
     *     task’s minutes by hand.
     * @param float|null $automationRate
     * @param float|null $humanTouchRate (Left to people + audited) / all. Neither rate replaces the other.
     * @param string|null $currency
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly \DateTimeImmutable $from,
        public readonly \DateTimeImmutable $to,
        public readonly int $decisions,
        public readonly int $automated,
        public readonly ValueBucketErrorRate $errorRate,
        public readonly ValueBucketCost $cost,
        public readonly ValueBucketWork $work,
        public readonly ValueBucketBaseline $baseline,
        public readonly ValueBucketSavings $savings,
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
            Read::time($data['from'] ?? null),
            Read::time($data['to'] ?? null),
            Read::int($data['decisions'] ?? null),
            Read::int($data['automated'] ?? null),
            ValueBucketErrorRate::fromArray(Read::object($data['error_rate'] ?? null)),
            ValueBucketCost::fromArray(Read::object($data['cost'] ?? null)),
            ValueBucketWork::fromArray(Read::object($data['work'] ?? null)),
            ValueBucketBaseline::fromArray(Read::object($data['baseline'] ?? null)),
            ValueBucketSavings::fromArray(Read::object($data['savings'] ?? null)),
            Read::nullableFloat($data['automation_rate'] ?? null),
            Read::nullableFloat($data['human_touch_rate'] ?? null),
            Read::nullableString($data['currency'] ?? null),
            $data,
        );
    }
}
