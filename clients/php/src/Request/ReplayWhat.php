<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * What to change. Nothing: every recorded decision is made again and compared.
 */
final class ReplayWhat extends Request
{
    protected const FIELDS = [
        'maxError' => 'max_error',
        'confidence' => 'confidence',
        'modelVersion' => 'model_version',
        'threshold' => 'threshold',
    ];

    public function __construct(
        public readonly ?float $maxError = null,
        public readonly ?float $confidence = null,
        public readonly ?string $modelVersion = null,
        public readonly ?float $threshold = null,
    ) {
    }
}
