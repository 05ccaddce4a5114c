<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class TaskReview extends Record
{
    /**
     * @param float $hideSuggestions Share of review items that are shown without the model’s suggestion.
     * @param int $idleLimitSeconds No verdict counts for more working time than this.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly float $hideSuggestions,
        public readonly float $doubleReviewRate,
        public readonly float $goldRate,
        public readonly int $leaseSeconds,
        public readonly int $idleLimitSeconds,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::float($data['hide_suggestions'] ?? null),
            Read::float($data['double_review_rate'] ?? null),
            Read::float($data['gold_rate'] ?? null),
            Read::int($data['lease_seconds'] ?? null),
            Read::int($data['idle_limit_seconds'] ?? null),
            $data,
        );
    }
}
