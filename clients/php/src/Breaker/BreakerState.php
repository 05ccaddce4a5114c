<?php

declare(strict_types=1);

namespace Understudy\Client\Breaker;

/** What is remembered of a server between calls. */
final class BreakerState
{
    /**
     * @param int   $failures  in a row
     * @param float $openUntil seconds since the epoch; 0 while closed
     */
    public function __construct(
        public readonly int $failures = 0,
        public readonly float $openUntil = 0.0,
    ) {
    }
}
