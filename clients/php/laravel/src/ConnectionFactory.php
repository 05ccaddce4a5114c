<?php

declare(strict_types=1);

namespace Understudy\Laravel;

use Illuminate\Contracts\Cache\Factory as Caches;
use Illuminate\Contracts\Config\Repository;
use Illuminate\Contracts\Container\Container;
use Illuminate\Contracts\Events\Dispatcher;
use Psr\Log\LoggerInterface;
use Understudy\Client\Breaker\CacheBreakerStorage;
use Understudy\Client\ClientOptions;
use Understudy\Client\Fallback;
use Understudy\Client\Understudy;
use Understudy\Client\UnderstudyClient;
use Understudy\Laravel\Support\CallEvents;

/** Makes a client from its part of the configuration. What the configuration has too much or wrong is told, not ignored. */
final class ConnectionFactory
{
    private const DEFAULTS = [
        'base_uri' => null, 'api_key' => null, 'timeout' => 2.0, 'total_timeout' => 5.0, 'max_retries' => 2,
        'fallback' => 'review', 'concurrency' => 4, 'breaker' => [], 'http_client' => null, 'dashboard_url' => null,
    ];

    private const BREAKER = ['threshold' => 5, 'cooldown' => 10.0, 'store' => null];

    public function __construct(private readonly Container $container)
    {
    }

    /**
     * @param array<string, mixed> $config as config/understudy.php describes a connection
     *
     * @throws \InvalidArgumentException
     */
    public function make(string $name, #[\SensitiveParameter] array $config): Understudy
    {
        $config = self::complete($name, $config);
        $logger = $this->logger();
        $breaker = self::merge("understudy.connections.$name.breaker", self::BREAKER, $config['breaker']);
        $http = $config['http_client'] === null ? null : $this->container->make($config['http_client']);

        return UnderstudyClient::create(
            (string) $config['base_uri'],
            $config['api_key'] === null || $config['api_key'] === '' ? null : (string) $config['api_key'],
            new ClientOptions(
                timeout: (float) $config['timeout'],
                totalTimeout: (float) $config['total_timeout'],
                maxRetries: (int) $config['max_retries'],
                fallback: self::fallback($name, $config['fallback']),
                breakerThreshold: (int) $breaker['threshold'],
                breakerCooldown: (float) $breaker['cooldown'],
                breakerStorage: $breaker['store'] === null ? null : new CacheBreakerStorage($this->container->make(Caches::class)->store((string) $breaker['store'])),
                concurrency: (int) $config['concurrency'],
                userAgent: 'laravel',
                logger: $logger,
                observer: new CallEvents($name, $this->container->make(Dispatcher::class), $logger),
            ),
            $http,
        );
    }

    /**
     * What a fake takes over from the connection that it stands for.
     *
     * @param array<string, mixed> $config
     */
    public function fakeOptions(#[\SensitiveParameter] array $config): ClientOptions
    {
        $config = self::complete('fake', $config);

        return new ClientOptions(fallback: self::fallback('fake', $config['fallback']), breakerThreshold: 0);
    }

    private function logger(): ?LoggerInterface
    {
        if (!$this->container->bound('log')) {
            return null;
        }
        $log = $this->container->make('log');
        $channel = $this->container->make(Repository::class)->get('understudy.log_channel');

        return $channel === null || $channel === '' ? $log : $log->channel($channel);
    }

    private static function fallback(string $name, mixed $fallback): Fallback
    {
        return \is_string($fallback) ? Fallback::tryFrom($fallback) ?? self::no($name) : self::no($name);
    }

    private static function no(string $name): never
    {
        throw new \InvalidArgumentException("understudy.connections.$name.fallback is \"review\" or \"throw\".");
    }

    /**
     * @param array<string, mixed> $config
     *
     * @return array<string, mixed>
     */
    private static function complete(string $name, #[\SensitiveParameter] array $config): array
    {
        $config = self::merge("understudy.connections.$name", self::DEFAULTS, $config);
        if (!\is_string($config['base_uri']) || $config['base_uri'] === '') {
            throw new \InvalidArgumentException("understudy.connections.$name.base_uri is missing.");
        }

        return $config;
    }

    /**
     * @param array<string, mixed> $defaults
     *
     * @return array<string, mixed>
     */
    private static function merge(string $where, array $defaults, #[\SensitiveParameter] mixed $given): array
    {
        if (!\is_array($given)) {
            throw new \InvalidArgumentException("$where is an array.");
        }
        $unknown = array_diff_key($given, $defaults);
        if ($unknown !== []) {
            throw new \InvalidArgumentException(sprintf('%s has no option %s; there are %s.', $where, implode(', ', array_map('strval', array_keys($unknown))), implode(', ', array_keys($defaults))));
        }

        return $given + $defaults;
    }
}
