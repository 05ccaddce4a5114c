<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Client;

use Psr\Cache\CacheItemPoolInterface;
use Psr\Log\LoggerInterface;
use Symfony\Contracts\HttpClient\HttpClientInterface;
use Understudy\Client\Breaker\CacheBreakerStorage;
use Understudy\Client\ClientOptions;
use Understudy\Client\Fallback;
use Understudy\Client\Http\Clock;
use Understudy\Client\Observer;
use Understudy\Client\Understudy;
use Understudy\Client\UnderstudyClient;

/** Makes a client from its part of the configuration. */
final class ClientFactory
{
    /**
     * @param array<string, mixed> $config    as Configuration describes a client
     * @param iterable<Observer>   $observers
     * @param CacheItemPoolInterface|null $breakerCache where the breaker's state is kept; null: APCu, else this process
     * @param Clock|null           $clock     null: the system's; an application's tests may have one that does not wait
     */
    public static function create(
        string $name,
        #[\SensitiveParameter]
        array $config,
        ?HttpClientInterface $http,
        iterable $observers,
        ?LoggerInterface $logger,
        ?CacheItemPoolInterface $breakerCache = null,
        ?Clock $clock = null,
    ): Understudy {
        return UnderstudyClient::create($config['base_uri'], $config['api_key'], new ClientOptions(
            timeout: (float) $config['timeout'],
            totalTimeout: (float) $config['total_timeout'],
            maxRetries: (int) $config['max_retries'],
            fallback: Fallback::from($config['fallback']),
            breakerThreshold: (int) $config['breaker']['threshold'],
            breakerCooldown: (float) $config['breaker']['cooldown'],
            breakerStorage: $breakerCache === null ? null : new CacheBreakerStorage($breakerCache),
            concurrency: (int) $config['concurrency'],
            userAgent: 'symfony-bundle',
            logger: $logger,
            observer: new Observers($name, $observers, $logger),
        ), $http, $clock);
    }
}
