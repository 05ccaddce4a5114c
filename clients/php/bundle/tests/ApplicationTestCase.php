<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests;

use Monolog\Handler\TestHandler;
use Symfony\Bundle\FrameworkBundle\KernelBrowser;
use Symfony\Bundle\FrameworkBundle\Test\WebTestCase;
use Symfony\Component\HttpKernel\Profiler\Profile;
use Understudy\SymfonyBundle\Tests\App\Results;
use Understudy\SymfonyBundle\Tests\Faults\Server;

/** The application of App/ against the scripted server. */
abstract class ApplicationTestCase extends WebTestCase
{
    protected const KEY = 'us_a_key_that_nobody_may_see_0123456789';

    protected Server $server;

    protected function setUp(): void
    {
        $this->server = Server::start();
        $_ENV['UNDERSTUDY_API_KEY'] = $_SERVER['UNDERSTUDY_API_KEY'] = self::KEY;
        $this->repair();
    }

    protected function tearDown(): void
    {
        parent::tearDown();
        // Symfony's error handler outlives the kernel: PHPUnit would call that risky.
        restore_exception_handler();
    }

    /** The server answers; kernels that are booted from now on find it. */
    protected function repair(): void
    {
        $this->server->mode('ok');
        unset($_ENV['UNDERSTUDY_TIMEOUT'], $_SERVER['UNDERSTUDY_TIMEOUT']);
        $_ENV['UNDERSTUDY_URL'] = $_SERVER['UNDERSTUDY_URL'] = $this->server->url();
    }

    /** The server fails so; for `down` and `hang`, boot the kernel afterwards. */
    protected function break(string $fault): void
    {
        if ($fault === 'down') {
            // A port that was free a moment ago and that nothing listens on.
            $probe = stream_socket_server('tcp://127.0.0.1:0');
            \assert($probe !== false);
            $_ENV['UNDERSTUDY_URL'] = $_SERVER['UNDERSTUDY_URL'] = 'http://' . stream_socket_get_name($probe, false);
            fclose($probe);

            return;
        }
        if ($fault === 'hang') {
            $_ENV['UNDERSTUDY_TIMEOUT'] = $_SERVER['UNDERSTUDY_TIMEOUT'] = '0.05';
        }
        $this->server->mode($fault);
    }

    protected function browser(string $environment = 'test', bool $debug = true): KernelBrowser
    {
        self::ensureKernelShutdown();
        $browser = self::createClient(['environment' => $environment, 'debug' => $debug]);
        $browser->catchExceptions(false);

        return $browser;
    }

    /** @return array<string, mixed> */
    protected function get(KernelBrowser $browser, string $path): array
    {
        if ($browser->getKernel()->isDebug()) {
            $browser->enableProfiler();
        }
        $browser->request('GET', $path);
        self::assertSame(200, $browser->getResponse()->getStatusCode(), $path);

        return json_decode((string) $browser->getResponse()->getContent(), true, 64, \JSON_THROW_ON_ERROR);
    }

    /** @return list<object> */
    protected function told(): array
    {
        $results = self::getContainer()->get(Results::class);
        \assert($results instanceof Results);

        return $results->told;
    }

    /** @return list<string> messages with their context, warnings and worse */
    protected function logged(): array
    {
        $handler = self::getContainer()->get('monolog.test_handler');
        \assert($handler instanceof TestHandler);
        $lines = [];
        foreach ($handler->getRecords() as $record) {
            if ((\is_array($record) ? $record['level'] : $record->level->value) >= 300) {
                $lines[] = $record['message'] . ' ' . json_encode(array_map(static fn (mixed $value): mixed => $value instanceof \Throwable ? $value->getMessage() : $value, $record['context']), \JSON_PARTIAL_OUTPUT_ON_ERROR);
            }
        }

        return $lines;
    }

    /** The whole profile as it lies on the disk, the panels of Symfony included. */
    protected function stored(Profile $profile): string
    {
        $token = $profile->getToken();
        $content = (string) file_get_contents(self::$kernel->getCacheDir() . '/profiler/' . substr($token, -2, 2) . '/' . substr($token, -4, 2) . '/' . $token);
        $plain = str_starts_with($content, "\x1f\x8b") ? gzdecode($content) : $content;
        self::assertIsString($plain);
        self::assertStringContainsString('UnderstudyDataCollector', $plain);

        return $plain;
    }
}
