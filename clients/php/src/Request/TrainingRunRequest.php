<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For trainingRuns()->start().
 */
final class TrainingRunRequest extends Request
{
    protected const FIELDS = [
        'trainer' => 'trainer',
        'dataset' => 'dataset',
        'parameters' => 'parameters',
        'seed' => 'seed',
        'promote' => 'promote',
    ];

    protected const MAPS = ['parameters'];

    /**
     * @param string|null $trainer `auto` tries all and keeps the best; or a name. Absent = "auto".
     * @param string|null $dataset Absent = a snapshot of all examples as they stand.
     * @param array<string, mixed>|null $parameters
     * @param int|null $seed Absent = 1.
     * @param string|null $promote `never`, `if_better`.  Absent = "if_better".
     */
    public function __construct(
        public readonly ?string $trainer = null,
        public readonly ?string $dataset = null,
        public readonly ?array $parameters = null,
        public readonly ?int $seed = null,
        public readonly ?string $promote = null,
    ) {
    }
}
