<?php

declare(strict_types=1);

namespace Understudy\Client\Tests\Breaker;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Symfony\Component\Cache\Adapter\ArrayAdapter;
use Symfony\Component\Cache\Adapter\FilesystemAdapter;
use Understudy\Client\Breaker\ApcuBreakerStorage;
use Understudy\Client\Breaker\BreakerState;
use Understudy\Client\Breaker\BreakerStorage;
use Understudy\Client\Breaker\CacheBreakerStorage;
use Understudy\Client\Breaker\CircuitBreaker;
use Understudy\Client\Breaker\FileBreakerStorage;
use Understudy\Client\Breaker\InMemoryBreakerStorage;
use Understudy\Client\Exception\ConnectionFailed;

/** Every storage of the circuit breaker: one process, two processes, and one that fails. */
final class BreakerStorageTest extends TestCase
{
    private const NEEDS_CACHE = 'needs symfony/cache';

    private static string $folder = '';

    public static function setUpBeforeClass(): void
    {
        self::$folder = sys_get_temp_dir() . '/understudy-breaker-' . bin2hex(random_bytes(6));
        mkdir(self::$folder);
    }

    public static function tearDownAfterClass(): void
    {
        $files = new \RecursiveIteratorIterator(
            new \RecursiveDirectoryIterator(self::$folder, \FilesystemIterator::SKIP_DOTS),
            \RecursiveIteratorIterator::CHILD_FIRST,
        );
        foreach ($files as $file) {
            \assert($file instanceof \SplFileInfo);
            $file->isDir() ? rmdir($file->getPathname()) : unlink($file->getPathname());
        }
        rmdir(self::$folder);
    }

    /** @return iterable<string, array{string}> */
    public static function everyStorage(): iterable
    {
        foreach (['process', 'file', 'psr6', 'psr6 on disk', 'psr16'] as $kind) {
            yield $kind => [$kind];
        }
    }

    /** @dataProvider everyStorage */
    #[DataProvider('everyStorage')]
    public function testAStateIsKeptUnderItsKey(string $kind): void
    {
        $storage = self::storage($kind);
        $key = 'https://understudy.example:8080/{of}@' . $kind;
        self::assertNull($storage->load($key));
        $storage->save($key, new BreakerState(4, 1_767_225_600.125));
        $storage->save($key . '/another', new BreakerState(1));

        self::assertEquals(new BreakerState(4, 1_767_225_600.125), $storage->load($key));
        self::assertEquals(new BreakerState(1, 0.0), $storage->load($key . '/another'));
        self::assertNull($storage->load($key . '/none'));
        $storage->save($key, new BreakerState());
        self::assertEquals(new BreakerState(0, 0.0), $storage->load($key));
    }

    /** @dataProvider everyStorage */
    #[DataProvider('everyStorage')]
    public function testABreakerOpensLetsOneTryAndCloses(string $kind): void
    {
        $storage = self::storage($kind);
        // Of two requests: neither knows the other's object.
        $one = new CircuitBreaker($storage, 'opens ' . $kind, 2, 10.0);
        $two = new CircuitBreaker($storage, 'opens ' . $kind, 2, 10.0);
        $away = ConnectionFailed::local('connection_failed', 'away');
        $one->failed($away, 100.0);
        self::assertTrue($two->allows(100.1));
        $two->failed($away, 100.2);
        self::assertFalse($one->allows(100.3));
        self::assertFalse($two->allows(110.1));
        self::assertTrue($one->allows(110.3), 'after the cooldown one may try');
        self::assertFalse($two->allows(110.3), 'and only one');
        $one->succeeded();
        self::assertTrue($two->allows(110.4));
    }

    /** @return iterable<string, array{string}> */
    public static function everySharedStorage(): iterable
    {
        foreach (['file', 'psr6', 'psr16'] as $kind) {
            yield $kind => [$kind];
        }
    }

    /** @dataProvider everySharedStorage */
    #[DataProvider('everySharedStorage')]
    public function testASecondProcessLearnsFromTheFirst(string $kind): void
    {
        $folder = self::$folder . '/shared-' . $kind;
        mkdir($folder);
        $url = self::nobody();
        $first = self::process($kind, $folder, $url, 4);
        $second = self::process($kind, $folder, $url, 2);
        $elsewhere = self::process($kind, $folder, self::nobody(), 1);

        $asked = ['connection_failed', 1];
        $spared = ['circuit_open', 0];
        self::assertSame([$asked, $asked, $asked, $spared], $first);
        self::assertSame([$spared, $spared], $second, 'it makes no request at all');
        self::assertSame([$asked], $elsewhere, 'another server has its own breaker');
    }

    public function testProcessesOfOnePoolShareApcu(): void
    {
        if (!\extension_loaded('apcu') || !\function_exists('pcntl_fork')) {
            self::markTestSkipped('needs the extensions apcu and pcntl: tests/components/php/install.sh system');
        }
        $calls = self::process('apcu', '-', self::nobody(), 3, ['-d', 'apc.enable_cli=1']);

        self::assertSame(array_fill(0, 3, ['circuit_open', 0]), $calls, 'what the child has learnt');
    }

    public function testApcuIsAskedForBeforeItIsUsed(): void
    {
        $script = 'require "' . __DIR__ . '/../bootstrap.php";'
            . 'echo json_encode(Understudy\Client\Breaker\ApcuBreakerStorage::isAvailable());';
        $without = self::php(['-d', 'apc.enable_cli=0', '-r', $script]);
        self::assertSame('false', $without);
        if (\extension_loaded('apcu')) {
            self::assertSame('true', self::php(['-d', 'apc.enable_cli=1', '-r', $script]));
        }
        self::assertSame(\function_exists('apcu_enabled') && apcu_enabled(), ApcuBreakerStorage::isAvailable());
    }

    public function testAStorageThatFailsIsNoFailureOfTheCall(): void
    {
        if (!class_exists(ArrayAdapter::class)) {
            self::markTestSkipped(self::NEEDS_CACHE);
        }
        $broken = new class () extends ArrayAdapter {
            public function getItem($key): never
            {
                throw new \RuntimeException('the cache is away');
            }
        };
        $gone = self::$folder . '/gone';
        mkdir($gone);
        $file = new FileBreakerStorage($gone);
        rmdir($gone);
        foreach ([new CacheBreakerStorage($broken), new CacheBreakerStorage(new SimpleCache($broken)), $file] as $storage) {
            $breaker = new CircuitBreaker($storage, 'key', 1, 10.0);
            $breaker->failed(ConnectionFailed::local('connection_failed', 'away'), 1.0);
            self::assertTrue($breaker->allows(2.0), 'it has learnt nothing');
            $breaker->succeeded();
        }
    }

    public function testWhatIsNoStateIsNone(): void
    {
        $file = new FileBreakerStorage(self::$folder);
        $file->save('spoilt', new BreakerState(3));
        foreach (glob(self::$folder . '/understudy-breaker-*') ?: [] as $path) {
            file_put_contents($path, "\0not a state");
        }
        self::assertNull($file->load('spoilt'));

        $this->expectException(\InvalidArgumentException::class);
        new FileBreakerStorage(self::$folder . '/nowhere');
    }

    private static function storage(string $kind): BreakerStorage
    {
        if (str_starts_with($kind, 'psr') && !class_exists(ArrayAdapter::class)) {
            self::markTestSkipped(self::NEEDS_CACHE);
        }

        return match ($kind) {
            'process' => new InMemoryBreakerStorage(),
            'file' => new FileBreakerStorage(self::$folder),
            'psr6' => new CacheBreakerStorage(new ArrayAdapter()),
            'psr6 on disk' => new CacheBreakerStorage(new FilesystemAdapter('states', 0, self::$folder)),
            'psr16' => new CacheBreakerStorage(new SimpleCache(new ArrayAdapter())),
            default => throw new \LogicException($kind),
        };
    }

    /** An address that nobody listens on. */
    private static function nobody(): string
    {
        $probe = stream_socket_server('tcp://127.0.0.1:0');
        \assert($probe !== false);
        $address = (string) stream_socket_get_name($probe, false);
        fclose($probe);

        return 'http://' . $address;
    }

    /**
     * @param list<string> $flags
     *
     * @return list<array{string|null, int}> the code of each call's failure, and its requests
     */
    private static function process(string $kind, string $folder, string $url, int $calls, array $flags = []): array
    {
        if (str_starts_with($kind, 'psr') && !class_exists(ArrayAdapter::class)) {
            self::markTestSkipped(self::NEEDS_CACHE);
        }
        $output = self::php([...$flags, __DIR__ . '/failing-process.php', $kind, $folder, $url, (string) $calls]);

        return json_decode($output, true, 8, JSON_THROW_ON_ERROR);
    }

    /** @param list<string> $arguments */
    private static function php(array $arguments): string
    {
        $command = [PHP_BINARY, '-d', 'include_path=' . get_include_path(), ...$arguments];
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], STDERR], $pipes);
        self::assertIsResource($process);
        $output = (string) stream_get_contents($pipes[1]);
        self::assertSame(0, proc_close($process), $output);

        return trim($output);
    }
}
