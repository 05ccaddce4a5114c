<?php

declare(strict_types=1);

namespace Understudy\Client\Tests;

use PHPUnit\Framework\TestCase;
use Symfony\Component\HttpClient\CurlHttpClient;
use Symfony\Component\HttpClient\NativeHttpClient;
use Symfony\Contracts\HttpClient\HttpClientInterface;
use Understudy\Client\CallOptions;
use Understudy\Client\ClientOptions;
use Understudy\Client\Exception\ServerFailed;
use Understudy\Client\Exception\TimeLimitExceeded;
use Understudy\Client\PredictOptions;
use Understudy\Client\UnderstudyClient;

/** Over real sockets, against PHP's own server with tests/server.php. */
final class SymfonyTransportTest extends TestCase
{
    /** @var resource|null */
    private static $process;

    private static string $url = '';

    public static function setUpBeforeClass(): void
    {
        if (!is_executable('/usr/bin/timeout')) {
            self::markTestSkipped('needs timeout of coreutils, which ends the server whatever happens');
        }
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        self::assertIsResource($socket);
        $address = (string) stream_socket_get_name($socket, false);
        fclose($socket);
        $process = proc_open(
            ['timeout', '60', PHP_BINARY, '-S', $address, __DIR__ . '/server.php'],
            [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']],
            $pipes,
            null,
            ['PHP_CLI_SERVER_WORKERS' => '4'] + getenv(),
        );
        self::assertIsResource($process);
        self::$process = $process;
        self::$url = 'http://' . $address;
        for ($i = 0; $i < 200 && @stream_socket_client('tcp://' . $address) === false; $i++) {
            usleep(25_000);
        }
    }

    public static function tearDownAfterClass(): void
    {
        if (self::$process !== null) {
            proc_terminate(self::$process); // passed on by timeout to the server and its workers
            proc_close(self::$process);
            self::$process = null;
        }
    }

    /** @return iterable<string, HttpClientInterface> */
    private static function transports(): iterable
    {
        yield 'curl' => new CurlHttpClient();
        yield 'native' => new NativeHttpClient();
    }

    public function testASourceThatBreaksBreaksTheImport(): void
    {
        $client = UnderstudyClient::create(self::$url, 'us_key', null, new CurlHttpClient());
        $rows = static function (): \Generator {
            for ($i = 0; $i < 5000; $i++) {
                yield ['input' => ['text' => str_repeat('x', 100) . $i], 'label' => 'ok'];
            }
            throw new \DomainException('the database went away');
        };
        $this->expectException(\DomainException::class);
        $client->examples()->import('t', $rows());
    }

    public function testASlowServerEndsAtTheTimeLimit(): void
    {
        foreach (self::transports() as $name => $http) {
            $options = new ClientOptions(timeout: 0.2, maxRetries: 0);
            $client = UnderstudyClient::create(self::$url, 'us_key', $options, $http);
            try {
                $client->predict('slow', 'x');
                self::fail('it throws');
            } catch (TimeLimitExceeded $failure) {
                self::assertSame('time_limit', $failure->errorCode(), $name);
            }
        }
    }

    public function testADroppedDecisionHarmsNobody(): void
    {
        foreach (self::transports() as $http) {
            $client = UnderstudyClient::create(self::$url, 'us_key', null, $http);
            $client->predictLater('broken', 'x'); // answered 500, and nobody asks
            $this->expectException(ServerFailed::class);
            $once = new PredictOptions(call: new CallOptions(maxRetries: 0));
            $client->predict('broken', 'x', $once);
        }
    }
}
