<?php

declare(strict_types=1);

namespace Understudy\Client\Breaker;

/** Shared by the PHP processes of one pool. Needs the extension apcu. */
final class ApcuBreakerStorage implements BreakerStorage
{
    private const TTL_SECONDS = 3600;

    /** Whether APCu is there and switched on. */
    public static function isAvailable(): bool
    {
        return \function_exists('apcu_enabled') && apcu_enabled();
    }

    public function load(string $key): ?BreakerState
    {
        $kept = apcu_fetch('understudy.breaker.' . $key);

        return \is_array($kept) && \is_int($kept[0] ?? null) && \is_float($kept[1] ?? null)
            ? new BreakerState($kept[0], $kept[1])
            : null;
    }

    public function save(string $key, BreakerState $state): void
    {
        apcu_store('understudy.breaker.' . $key, [$state->failures, $state->openUntil], self::TTL_SECONDS);
    }
}
