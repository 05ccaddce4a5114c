<?php

declare(strict_types=1);

namespace Understudy\Client\Tests;

use Nyholm\Psr7\Factory\Psr17Factory;
use PHPUnit\Framework\TestCase;
use Psr\Http\Client\ClientExceptionInterface;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
use Understudy\Client\ClientOptions;
use Understudy\Client\Exception\ConnectionFailed;
use Understudy\Client\Exception\TimeLimitExceeded;
use Understudy\Client\UnderstudyClient;

final class Psr18TransportTest extends TestCase
{
    protected function setUp(): void
    {
        if (!interface_exists(ClientInterface::class) || !class_exists(Psr17Factory::class)) {
            self::markTestSkipped('needs psr/http-client and nyholm/psr7');
        }
    }

    /** @param \Closure(RequestInterface): ResponseInterface $answer */
    private function client(\Closure $answer): UnderstudyClient
    {
        $http = new class ($answer) implements ClientInterface {
            public function __construct(private readonly \Closure $answer)
            {
            }

            public function sendRequest(RequestInterface $request): ResponseInterface
            {
                return ($this->answer)($request);
            }
        };

        return UnderstudyClient::create('http://host.test', 'us_key', new ClientOptions(maxRetries: 0), $http);
    }

    public function testItSendsAndReads(): void
    {
        $factory = new Psr17Factory();
        $seen = null;
        $client = $this->client(static function (RequestInterface $request) use (&$seen, $factory): ResponseInterface {
            $seen = $request;
            $body = '{"id":"dec_1","outcome":"automated","label":"ok"}';

            return $factory->createResponse()->withBody($factory->createStream($body));
        });
        self::assertSame('ok', $client->predict('moderation', 'x')->label);
        self::assertInstanceOf(RequestInterface::class, $seen);
        self::assertSame('Bearer us_key', $seen->getHeaderLine('authorization'));
        self::assertSame('{"input":{"text":"x"}}', (string) $seen->getBody());
        self::assertSame('http://host.test/v1/predict/moderation', (string) $seen->getUri());
    }

    public function testAnImportGoesThroughAFileNotThroughMemory(): void
    {
        $factory = new Psr17Factory();
        $size = 0;
        $client = $this->client(static function (RequestInterface $request) use (&$size, $factory): ResponseInterface {
            $size = $request->getBody()->getSize();

            return $factory->createResponse()->withBody($factory->createStream('{"accepted":100000}'));
        });
        $rows = static function (): \Generator {
            for ($i = 0; $i < 100_000; $i++) {
                yield ['input' => ['text' => str_repeat('x', 100) . $i], 'label' => 'ok'];
            }
        };
        $before = memory_get_usage();
        self::assertSame(100_000, $client->examples()->import('t', $rows())->accepted);
        self::assertGreaterThan(13_000_000, $size);
        self::assertLessThan(4_000_000, memory_get_peak_usage() - $before);
    }

    public function testFailuresHaveTheirClasses(): void
    {
        $classes = [
            'Connection refused' => ConnectionFailed::class,
            'Operation timed out' => TimeLimitExceeded::class,
        ];
        foreach ($classes as $text => $class) {
            $client = $this->client(static function () use ($text): never {
                throw new class ($text) extends \RuntimeException implements ClientExceptionInterface {
                };
            });
            try {
                $client->predict('t', 'x');
                self::fail('it throws');
            } catch (ConnectionFailed | TimeLimitExceeded $failure) {
                self::assertInstanceOf($class, $failure);
                self::assertNull($failure->getPrevious());
            }
        }
    }

    public function testHalfABodyIsNoAnswer(): void
    {
        $factory = new Psr17Factory();
        $client = $this->client(static fn (): ResponseInterface => $factory->createResponse()
            ->withHeader('content-length', '1000')
            ->withBody($factory->createStream('{"id":"dec_1"')));
        $this->expectException(ConnectionFailed::class);
        $client->predict('t', 'x');
    }
}
