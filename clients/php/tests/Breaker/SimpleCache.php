<?php

declare(strict_types=1);

namespace Understudy\Client\Tests\Breaker;

use Psr\Cache\CacheItemPoolInterface;
use Psr\SimpleCache\CacheInterface;

if (!interface_exists(CacheInterface::class)) {
    require __DIR__ . '/CacheInterface.php';
}

/** A PSR-16 cache over a PSR-6 pool. */
final class SimpleCache implements CacheInterface
{
    public function __construct(private readonly CacheItemPoolInterface $pool)
    {
    }

    public function get($key, $default = null): mixed
    {
        $item = $this->pool->getItem($key);

        return $item->isHit() ? $item->get() : $default;
    }

    public function set($key, $value, $ttl = null): bool
    {
        return $this->pool->save($this->pool->getItem($key)->set($value)->expiresAfter($ttl));
    }

    public function delete($key): bool
    {
        return $this->pool->deleteItem($key);
    }

    public function clear(): bool
    {
        return $this->pool->clear();
    }

    public function getMultiple($keys, $default = null): iterable
    {
        foreach ($keys as $key) {
            yield $key => $this->get($key, $default);
        }
    }

    public function setMultiple($values, $ttl = null): bool
    {
        $done = true;
        foreach ($values as $key => $value) {
            $done = $this->set($key, $value, $ttl) && $done;
        }

        return $done;
    }

    public function deleteMultiple($keys): bool
    {
        return $this->pool->deleteItems([...$keys]);
    }

    public function has($key): bool
    {
        return $this->pool->hasItem($key);
    }
}
