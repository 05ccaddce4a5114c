<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class TaskErrorBudget extends Request
{
    protected const FIELDS = [
        'maxError' => 'max_error',
        'confidence' => 'confidence',
    ];

    public function __construct(
        public readonly float $maxError,
        public readonly float $confidence,
    ) {
    }
}
