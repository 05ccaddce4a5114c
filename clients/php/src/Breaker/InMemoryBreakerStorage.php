<?php

declare(strict_types=1);

namespace Understudy\Client\Breaker;

/** For this process only: right for workers, of little use where every request is a process of its own. */
final class InMemoryBreakerStorage implements BreakerStorage
{
    /** @var array<string, BreakerState> */
    private array $states = [];

    public function load(string $key): ?BreakerState
    {
        return $this->states[$key] ?? null;
    }

    public function save(string $key, BreakerState $state): void
    {
        $this->states[$key] = $state;
    }
}
