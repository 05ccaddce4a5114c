<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * The answer while a person still has to decide: `$.label` is null then, `$.suggestion` may be there.
 */
final class PredictRouteReview extends Request
{
    protected const FIELDS = [
        'response' => 'response',
        'status' => 'status',
    ];

    protected const NULLS = ['response'];

    /**
     * @param mixed $response Any JSON. In its strings, `{{$.path}}` stands for a fact of the decision: alone in a
     *     string for the value as it is, else for its text.
     * @param int|null $status Not with `request.items`. Absent = 200.
     */
    public function __construct(
        public readonly mixed $response,
        public readonly ?int $status = null,
    ) {
    }
}
