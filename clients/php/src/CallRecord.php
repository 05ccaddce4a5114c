<?php

declare(strict_types=1);

namespace Understudy\Client;

use Understudy\Client\Exception\UnderstudyException;

/** One call as it went. Holds no key, no input and no body; `decisions` are what the server answered. */
final class CallRecord
{
    /**
     * @param string         $operation `predict`, `predictMany`, or the resource's method, e.g. `tasks.get`
     * @param string         $method    HTTP method
     * @param string         $path      without the query
     * @param string|null    $task      slug, when the call is about one
     * @param int            $status    of the last answer; 0 when none came
     * @param int            $attempts  requests made; 0 when the breaker was open
     * @param float          $startedAt seconds since the epoch
     * @param float          $seconds   from start to end, waits included
     * @param string|null    $requestId of the last answer
     * @param bool           $fallback  the caller got decisions of the fallback
     * @param list<Decision> $decisions of predictions
     */
    public function __construct(
        public readonly string $operation,
        public readonly string $method,
        public readonly string $path,
        public readonly ?string $task,
        public readonly int $status,
        public readonly int $attempts,
        public readonly float $startedAt,
        public readonly float $seconds,
        public readonly ?string $requestId,
        public readonly ?UnderstudyException $error,
        public readonly bool $fallback = false,
        public readonly array $decisions = [],
    ) {
    }
}
