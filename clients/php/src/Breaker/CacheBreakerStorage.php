<?php

declare(strict_types=1);

namespace Understudy\Client\Breaker;

use Psr\Cache\CacheItemPoolInterface;
use Psr\SimpleCache\CacheInterface;

/**
 * In the application's own cache (PSR-6 or PSR-16): shared by whatever shares that. A cache that fails must not break the
 * call: the breaker then learns nothing.
 */
final class CacheBreakerStorage implements BreakerStorage
{
    private const TTL_SECONDS = 3600;

    public function __construct(private readonly CacheItemPoolInterface|CacheInterface $cache)
    {
    }

    public function load(string $key): ?BreakerState
    {
        try {
            $kept = $this->cache instanceof CacheInterface
                ? $this->cache->get(self::name($key))
                : $this->cache->getItem(self::name($key))->get();
        } catch (\Throwable) {
            return null;
        }

        return \is_array($kept) && \is_int($kept[0] ?? null) && \is_float($kept[1] ?? null)
            ? new BreakerState($kept[0], $kept[1])
            : null;
    }

    public function save(string $key, BreakerState $state): void
    {
        $kept = [$state->failures, $state->openUntil];
        try {
            if ($this->cache instanceof CacheInterface) {
                $this->cache->set(self::name($key), $kept, self::TTL_SECONDS);

                return;
            }
            $this->cache->save($this->cache->getItem(self::name($key))->set($kept)->expiresAfter(self::TTL_SECONDS));
        } catch (\Throwable) {
            return;
        }
    }

    /** Keys of caches may not hold what addresses do. */
    private static function name(string $key): string
    {
        return 'understudy.breaker.' . hash('sha256', $key);
    }
}
