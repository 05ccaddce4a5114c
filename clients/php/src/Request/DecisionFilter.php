<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * What `GET /v1/decisions` is asked for.
 */
final class DecisionFilter extends Request
{
    protected const FIELDS = [
        'task' => 'task',
        'outcome' => 'outcome',
        'label' => 'label',
        'modelVersion' => 'model_version',
        'subject' => 'subject',
        'externalId' => 'external_id',
        'from' => 'from',
        'to' => 'to',
    ];

    /**
     * @param string|null $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param string|null $outcome `automated`, `review`.
     * @param \DateTimeInterface|string|null $from Made at or after this moment.
     * @param \DateTimeInterface|string|null $to Made before this moment.
     */
    public function __construct(
        public readonly ?string $task = null,
        public readonly ?string $outcome = null,
        public readonly ?string $label = null,
        public readonly ?string $modelVersion = null,
        public readonly ?string $subject = null,
        public readonly ?string $externalId = null,
        public readonly \DateTimeInterface|string|null $from = null,
        public readonly \DateTimeInterface|string|null $to = null,
    ) {
    }
}
