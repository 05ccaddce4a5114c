<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class TaskReview extends Request
{
    protected const FIELDS = [
        'hideSuggestions' => 'hide_suggestions',
        'doubleReviewRate' => 'double_review_rate',
        'goldRate' => 'gold_rate',
        'leaseSeconds' => 'lease_seconds',
        'idleLimitSeconds' => 'idle_limit_seconds',
    ];

    /**
     * @param float $hideSuggestions Share of review items that are shown without the model’s suggestion.
     * @param int $idleLimitSeconds No verdict counts for more working time than this.
     */
    public function __construct(
        public readonly float $hideSuggestions,
        public readonly float $doubleReviewRate,
        public readonly float $goldRate,
        public readonly int $leaseSeconds,
        public readonly int $idleLimitSeconds,
    ) {
    }
}
