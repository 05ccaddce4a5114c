<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For deadLetters()->replay().
 */
final class DeadLetterReplayRequest extends Request
{
    protected const FIELDS = [
        'ids' => 'ids',
        'filter' => 'filter',
        'edits' => 'edits',
    ];

    /**
     * @param list<string>|null $ids
     * @param DeadLetterReplayFilter|array<string, mixed>|null $filter Instead of `ids`; `{}` = all that wait.
     * @param list<DeadLetterReplayEdit|array<string, mixed>>|null $edits
     */
    public function __construct(
        public readonly ?array $ids = null,
        public readonly DeadLetterReplayFilter|array|null $filter = null,
        public readonly ?array $edits = null,
    ) {
    }
}
