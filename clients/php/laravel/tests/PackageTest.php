<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Understudy\Client\Understudy;
use Understudy\Client\UnderstudyClient;
use Understudy\Laravel\ClientServiceProvider;
use Understudy\Laravel\ConnectionFactory;
use Understudy\Laravel\Connections;
use Understudy\Laravel\Facades\Understudy as Facade;

/** What Laravel finds of the package: providers, bindings, connections, facade. */
final class PackageTest extends LaravelTestCase
{
    public function testItIsDiscoveredAndItsClientsAreDeferred(): void
    {
        $this->app = $this->boot([], \Illuminate\Contracts\Http\Kernel::class);
        self::assertTrue($this->app->providerIsLoaded(\Understudy\Laravel\UnderstudyServiceProvider::class));
        self::assertFalse($this->app->providerIsLoaded(ClientServiceProvider::class), 'nobody asked for a client yet');
        self::assertInstanceOf(UnderstudyClient::class, $this->understudy());
        self::assertTrue($this->app->providerIsLoaded(ClientServiceProvider::class));
        self::assertSame($this->understudy(), $this->get(Connections::class)->connection('default'));
    }

    public function testConnectionsAreMadeByName(): void
    {
        $connections = $this->get(Connections::class);
        self::assertSame(['default', 'night'], $connections->names());
        self::assertNotSame($connections->connection(), $connections->connection('night'));
        self::assertSame($connections->connection('night'), Facade::connection('night'));
        self::assertSame('https://board.test/decisions/dec_1', $connections->link('dec_1', 'night'));
        self::assertSame('http://understudy.test:8080/decisions/dec%2F1', Facade::link('dec/1'));
        self::assertNull($connections->link(''));
        $this->expectException(\InvalidArgumentException::class);
        $this->expectExceptionMessage('There is no Understudy connection "day"; configured: default, night.');
        $connections->connection('day');
    }

    public function testAnotherDefault(): void
    {
        $this->app->make('config')->set('understudy.default', 'night');
        self::assertSame($this->get(Connections::class)->connection('night'), $this->understudy());
    }

    public function testAContextualBindingChoosesAConnection(): void
    {
        $this->app->when(NeedsUnderstudy::class)->needs(Understudy::class)->give(static fn ($app) => $app->make(Connections::class)->connection('night'));
        self::assertSame(Facade::connection('night'), $this->get(NeedsUnderstudy::class)->understudy);
    }

    public function testAnAttributeChoosesAConnection(): void
    {
        if (!interface_exists(\Illuminate\Contracts\Container\ContextualAttribute::class)) {
            self::markTestSkipped('contextual attributes came with Laravel 11');
        }
        self::assertSame(Facade::connection('night'), $this->get(NeedsTheNight::class)->understudy);
    }

    /** @dataProvider wrong */
    #[\PHPUnit\Framework\Attributes\DataProvider('wrong')]
    public function testAWrongConfigurationIsTold(array $config, string $message): void
    {
        $this->expectException(\InvalidArgumentException::class);
        $this->expectExceptionMessage($message);
        $this->get(ConnectionFactory::class)->make('x', $config);
    }

    /** @return iterable<string, array{array<string, mixed>, string}> */
    public static function wrong(): iterable
    {
        $url = 'http://127.0.0.1:1';
        yield 'an unknown option' => [['base_uri' => $url, 'time_out' => 3], 'understudy.connections.x has no option time_out'];
        yield 'an unknown option of the breaker' => [['base_uri' => $url, 'breaker' => ['limit' => 3]], 'understudy.connections.x.breaker has no option limit'];
        yield 'no address' => [['api_key' => 'us_1'], 'understudy.connections.x.base_uri is missing'];
        yield 'another fallback' => [['base_uri' => $url, 'fallback' => 'ignore'], 'understudy.connections.x.fallback is "review" or "throw"'];
        yield 'an address that is none' => [['base_uri' => 'understudy'], 'baseUri is http'];
        yield 'a time limit of nothing' => [['base_uri' => $url, 'timeout' => 0], 'time limits are more than 0 seconds'];
    }

    public function testTheShippedConfigurationIsAccepted(): void
    {
        $config = require \dirname(__DIR__) . '/config/understudy.php';
        self::assertSame(['default', 'connections', 'log_channel', 'webhook'], array_keys($config));
        self::assertInstanceOf(UnderstudyClient::class, $this->get(ConnectionFactory::class)->make('default', $config['connections']['default']));
        $this->app->make('config')->set('understudy', $config);
        self::assertSame(['path', 'secrets', 'tolerance', 'store', 'remember', 'middleware'], array_keys(\Understudy\Laravel\Http\WebhookIntake::options($this->app)));
    }

    public function testAnEmptyKeyIsNone(): void
    {
        self::assertInstanceOf(UnderstudyClient::class, $this->get(ConnectionFactory::class)->make('x', ['base_uri' => 'http://127.0.0.1:1', 'api_key' => '']));
    }

    public function testAServiceMakesTheRequests(): void
    {
        $this->app->singleton('understudy.http', static fn () => new \Symfony\Component\HttpClient\MockHttpClient([
            new \Symfony\Component\HttpClient\Response\MockResponse((string) json_encode(['id' => 'dec_1', 'task' => 't', 'outcome' => 'automated', 'label' => 'ok'])),
        ]));
        $this->app->make('config')->set('understudy.connections.default.http_client', 'understudy.http');
        self::assertSame('ok', Facade::predict('t', 'Hello')->label);
    }

    public function testTheFacadeHasAFakeForAllWhoTakeAClient(): void
    {
        $fake = Facade::fake()->willDecide('comment-moderation', 'spam');
        self::assertSame($fake, $this->understudy());
        self::assertSame($fake, Facade::connection('night'));
        self::assertSame('spam', Facade::predict('comment-moderation', 'Buy!')->label);
        self::assertSame('Buy!', $fake->predictions('comment-moderation')[0]->text());
        $fake->willFail(\Understudy\Client\Exception\ConnectionFailed::local('connection_failed', 'away'));
        self::assertTrue(Facade::predict('comment-moderation', 'Buy!')->isFallback(), 'the fake falls back as the connection does');
    }

    public function testOneConnectionIsFaked(): void
    {
        $fake = Facade::fake('night');
        self::assertSame($fake, Facade::connection('night'));
        self::assertNotSame($fake, Facade::connection());
        $fake->willFail(\Understudy\Client\Exception\ConnectionFailed::local('connection_failed', 'away'));
        $this->expectException(\Understudy\Client\Exception\ConnectionFailed::class);
        $fake->predict('comment-moderation', 'Buy!');
    }

    public function testTheConfigurationIsPublished(): void
    {
        $target = $this->app->configPath('understudy.php');
        $kept = (string) file_get_contents($target);
        unlink($target);
        $this->artisan('vendor:publish', ['--tag' => 'understudy-config']);
        self::assertFileEquals(\dirname(__DIR__) . '/config/understudy.php', $target);
        file_put_contents($target, $kept);
    }

    public function testTheFacadeNamesEveryMethodOfTheClient(): void
    {
        $documented = (string) (new \ReflectionClass(Facade::class))->getDocComment();
        foreach ((new \ReflectionClass(Understudy::class))->getMethods() as $method) {
            self::assertMatchesRegularExpression('/@method static \S+ ' . $method->name . '\(/', $documented);
        }
        foreach ((new \ReflectionClass(Connections::class))->getMethods(\ReflectionMethod::IS_PUBLIC) as $method) {
            if (!str_starts_with($method->name, '__') && $method->name !== 'fake') {
                self::assertMatchesRegularExpression('/@method static \S+ ' . $method->name . '\(/', $documented);
            }
        }
    }

    public function testNoKeyIsShown(): void
    {
        $shown = print_r($this->get(Connections::class), true) . print_r($this->understudy(), true);
        self::assertStringNotContainsString(self::KEY, $shown);
        self::assertStringContainsString('night', $shown);
    }
}
