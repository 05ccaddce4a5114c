<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestFactoryInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Symfony\Component\HttpClient\HttpClient;
use Symfony\Contracts\HttpClient\HttpClientInterface;

/**
 * Finds the transport for what the application has.
 *
 * @internal
 */
final class Transports
{
    /** Message factories (PSR-17) that are looked for when a PSR-18 client is none itself. */
    private const FACTORIES = ['Nyholm\\Psr7\\Factory\\Psr17Factory', 'GuzzleHttp\\Psr7\\HttpFactory'];

    /** @param int $concurrency requests that are to be on the wire at once, where the client is made here */
    public static function of(HttpClientInterface|ClientInterface|Transport|null $http, int $concurrency = 6): Transport
    {
        if ($http instanceof Transport) {
            return $http;
        }
        if ($http instanceof HttpClientInterface) {
            return new SymfonyTransport($http);
        }
        if ($http !== null) {
            return self::psr18($http);
        }
        if (!class_exists(HttpClient::class)) {
            throw new \LogicException(
                'no HTTP client: composer require symfony/http-client, or give a PSR-18 client',
            );
        }

        return new SymfonyTransport(HttpClient::create([], max(6, $concurrency))); // 6: what it allows a host by itself
    }

    private static function psr18(ClientInterface $http): Psr18Transport
    {
        $candidates = [$http];
        foreach (self::FACTORIES as $class) {
            if (class_exists($class)) {
                $candidates[] = new $class();
            }
        }
        foreach ($candidates as $factory) {
            if ($factory instanceof RequestFactoryInterface && $factory instanceof StreamFactoryInterface) {
                return new Psr18Transport($http, $factory, $factory);
            }
        }

        throw new \LogicException(
            'no PSR-17 factories: composer require nyholm/psr7, or give a Psr18Transport with yours',
        );
    }
}
