<?php

declare(strict_types=1);

namespace Understudy\Client\Tests\Concurrency;

use PHPUnit\Framework\TestCase;
use Symfony\Component\HttpClient\NativeHttpClient;
use Symfony\Contracts\HttpClient\HttpClientInterface;
use Understudy\Client\BatchOptions;
use Understudy\Client\ClientOptions;
use Understudy\Client\Decision;
use Understudy\Client\Exception\ServerFailed;
use Understudy\Client\Fallback;
use Understudy\Client\Item;
use Understudy\Client\UnderstudyClient;

/** What is on the wire at once, against a server that counts and that answers only what comes together. */
final class ConcurrencyTest extends TestCase
{
    /** @var resource|null */
    private static $process;

    /** @var array<int, resource> */
    private static array $pipes = [];

    private static string $url = '';

    public static function setUpBeforeClass(): void
    {
        exec('node --version 2>/dev/null', $version, $status);
        if ($status !== 0) {
            self::markTestSkipped('needs node');
        }
        $command = ['node', __DIR__ . '/counting-server.mjs'];
        $process = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], STDERR], self::$pipes);
        self::assertIsResource($process);
        self::$process = $process;
        self::$url = 'http://127.0.0.1:' . (int) fgets(self::$pipes[1]);
    }

    public static function tearDownAfterClass(): void
    {
        if (self::$process !== null) {
            fclose(self::$pipes[0]); // its end is the server's
            proc_close(self::$process);
            self::$process = null;
        }
    }

    public function testBatchesAreOnTheWireTogetherAndNoMoreThanAllowed(): void
    {
        foreach ([1 => 3, 2 => 6, 4 => 8, 8 => 16] as $together => $batches) {
            $understudy = $this->client($together);
            $decisions = $understudy->predictMany('many', self::items($batches * 5), new BatchOptions(
                size: 5,
                concurrency: $together,
            ));
            $labels = [];
            foreach ($decisions as $key => $decision) {
                $labels[$key] = $decision->label;
            }

            $expected = array_map(static fn (int $i): string => "text $i", range(0, $batches * 5 - 1));
            self::assertSame($expected, array_values($labels), 'in order');
            self::assertSame('key-0', array_key_first($labels));
            $counted = ['most' => $together, 'requests' => $batches, 'aborted' => 0];
            self::assertSame($counted, $this->counted(), "$together at once");
        }
    }

    public function testPredictionsForLaterRunSideBySide(): void
    {
        $understudy = $this->client(10);
        $pending = [];
        for ($i = 0; $i < 10; $i++) {
            $pending[] = $understudy->predictLater('later', "text $i");
        }
        // Asked for in another order than they were sent.
        $labels = array_map(static fn (int $i): ?string => $pending[$i]->get()->label, range(9, 0, -1));

        self::assertSame(array_map(static fn (int $i): string => "text $i", range(9, 0, -1)), $labels);
        self::assertSame(['most' => 10, 'requests' => 10, 'aborted' => 0], $this->counted());
    }

    /** Without ext-curl: one after the other, and all the same. */
    public function testStreamsOfPhpAreOneAfterTheOther(): void
    {
        $understudy = $this->client(1, new NativeHttpClient());
        $decisions = iterator_to_array($understudy->predictMany('many', self::items(6), new BatchOptions(
            size: 2,
            concurrency: 3,
        )));

        self::assertSame(array_keys(self::items(6)), array_keys($decisions));
        self::assertSame(['most' => 1, 'requests' => 3, 'aborted' => 0], $this->counted());
    }

    public function testNoMoreIsReadFromTheSourceThanIsUnderWay(): void
    {
        $understudy = $this->client(3);
        $read = 0;
        $source = (static function () use (&$read): \Generator {
            foreach (self::items(120) as $key => $item) {
                $read++;
                yield $key => $item;
            }
        })();
        $ahead = $got = 0;
        foreach ($understudy->predictMany('many', $source, new BatchOptions(size: 10, concurrency: 3)) as $decision) {
            self::assertInstanceOf(Decision::class, $decision);
            $ahead = max($ahead, $read - $got);
            $got++;
        }

        self::assertSame([120, 120], [$read, $got]);
        self::assertLessThanOrEqual(30, $ahead);
        self::assertSame(3, $this->counted()['most']);
    }

    public function testABatchThatFailsDoesNotHarmTheOthersWithTheFallback(): void
    {
        $understudy = $this->client(2);
        $items = self::items(12);
        $items['key-5'] = new Item('broken', externalId: 'i-5');
        $outcomes = [];
        foreach (
            $understudy->predictMany('many', $items, new BatchOptions(
                size: 4,
                concurrency: 3,
                fallback: Fallback::Review,
            )) as $key => $decision
        ) {
            $outcomes[$key] = $decision->isFallback();
        }

        self::assertSame(array_keys($items), array_keys($outcomes));
        self::assertSame(['key-4', 'key-5', 'key-6', 'key-7'], array_keys(array_filter($outcomes)));
    }

    public function testWithoutTheFallbackTheOthersAreLetGo(): void
    {
        $this->counted();
        $understudy = $this->client(1);
        $items = ['a' => 'broken', 'b' => 'held', 'c' => 'held'];
        try {
            foreach ($understudy->predictMany('many', $items, new BatchOptions(size: 1, concurrency: 3)) as $decision) {
                self::fail('the first batch was answered 500');
            }
            self::fail('it throws');
        } catch (ServerFailed $failure) {
            self::assertSame('alone', $failure->errorCode());
        }
        // The server sees the connections end a moment later.
        for ($i = 0, $aborted = 0; $i < 200 && $aborted < 2; $i++) {
            $aborted += $this->counted()['aborted'];
            usleep(5_000);
        }
        self::assertSame(2, $aborted);
    }

    /** @return array<string, Item> */
    private static function items(int $count): array
    {
        $items = [];
        for ($i = 0; $i < $count; $i++) {
            $items["key-$i"] = new Item("text $i", externalId: "i-$i");
        }

        return $items;
    }

    private function client(int $together, ?HttpClientInterface $http = null): UnderstudyClient
    {
        $options = new ClientOptions(timeout: 10.0, maxRetries: 0, breakerThreshold: 0, concurrency: 10);

        return UnderstudyClient::create(self::$url . '/' . $together, 'us_key', $options, $http);
    }

    /** @return array{most: int, requests: int, aborted: int} since the last time */
    private function counted(): array
    {
        $text = (string) file_get_contents(self::$url . '/__counted');

        return json_decode($text, true, 4, JSON_THROW_ON_ERROR);
    }
}
