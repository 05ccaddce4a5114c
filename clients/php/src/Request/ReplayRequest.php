<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For replays()->start().
 */
final class ReplayRequest extends Request
{
    protected const FIELDS = [
        'from' => 'from',
        'to' => 'to',
        'what' => 'what',
    ];

    /**
     * @param \DateTimeInterface|string|null $from Absent = the first decision.
     * @param \DateTimeInterface|string|null $to Absent = now.
     * @param ReplayWhat|array<string, mixed>|null $what What to change. Nothing: every recorded decision is made
     *     again and compared.
     */
    public function __construct(
        public readonly \DateTimeInterface|string|null $from = null,
        public readonly \DateTimeInterface|string|null $to = null,
        public readonly ReplayWhat|array|null $what = null,
    ) {
    }
}
