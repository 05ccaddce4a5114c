<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Psr\Cache\CacheItemPoolInterface;

/** A breaker that is kept in a cache of the application: every request is a kernel of its own, and learns of the others. */
final class BreakerTest extends ApplicationTestCase
{
    public function testWhatOneRequestLearntSparesTheNextTheWait(): void
    {
        $this->browser('breaker', false);
        $cache = self::getContainer()->get('cache.app');
        \assert($cache instanceof CacheItemPoolInterface);
        $cache->clear();

        self::assertSame('ok', $this->get($this->browser('breaker', false), '/predict')['label']);
        $this->server->mode('500');
        self::assertSame('internal', $this->get($this->browser('breaker', false), '/predict')['cause']);
        self::assertSame('internal', $this->get($this->browser('breaker', false), '/predict')['cause']);
        $requests = \count($this->server->log());
        $this->server->mode('ok');
        self::assertSame(['outcome' => 'review', 'label' => null, 'fallback' => true, 'cause' => 'circuit_open'], $this->get($this->browser('breaker', false), '/predict'));
        self::assertSame([], $this->server->log());
        self::assertGreaterThanOrEqual(2, $requests);
        self::assertStringContainsString('circuit_open', implode("\n", $this->logged()));

        $cache->clear();
        self::assertSame('ok', $this->get($this->browser('breaker', false), '/predict')['label']);
    }
}
