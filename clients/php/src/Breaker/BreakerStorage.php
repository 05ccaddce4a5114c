<?php

declare(strict_types=1);

namespace Understudy\Client\Breaker;

/**
 * Where the state of circuit breakers is kept between calls. A storage that is shared by the processes of a host lets
 * all of them learn from the first that failed. Lost updates do no harm: the breaker opens a call later.
 */
interface BreakerStorage
{
    /** Null when nothing is kept under this key. */
    public function load(string $key): ?BreakerState;

    /** Keeps the state; whatever goes wrong is kept from the call. */
    public function save(string $key, BreakerState $state): void;
}
