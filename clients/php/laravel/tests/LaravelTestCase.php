<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Illuminate\Contracts\Console\Kernel as ConsoleKernelContract;
use Illuminate\Contracts\Http\Kernel as HttpKernelContract;
use Illuminate\Foundation\Application;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Facade;
use Monolog\Handler\TestHandler;
use PHPUnit\Framework\TestCase;
use Symfony\Component\HttpFoundation\Response;
use Understudy\Client\Understudy;
use Understudy\Laravel\Events\DecisionMade;
use Understudy\SymfonyBundle\Tests\Faults\Server;

/** A whole Laravel application, which finds the package as Composer's list of packages says it. */
abstract class LaravelTestCase extends TestCase
{
    protected const KEY = 'us_a_key_that_nobody_may_see_0123456789';
    protected const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

    protected Application $app;

    protected function setUp(): void
    {
        $this->app = $this->boot();
    }

    protected function tearDown(): void
    {
        $this->app->flush();
        Facade::clearResolvedInstances();
        Application::setInstance(null);
    }

    /**
     * @param array<string, mixed> $settings by their names in the configuration, over those of the test application
     * @param class-string         $kernel   who starts it: a command loads all deferred providers, a request does not
     */
    protected function boot(array $settings = [], string $kernel = ConsoleKernelContract::class): Application
    {
        Facade::clearResolvedInstances();
        $app = TestApplication::create();
        // After the files of settings are read, before any provider sees them.
        $app->afterBootstrapping(\Illuminate\Foundation\Bootstrap\LoadConfiguration::class, static function (Application $app) use ($settings): void {
            $app->make('config')->set($settings);
        });
        $previous = [set_error_handler(static fn (): bool => false), set_exception_handler(null)];
        restore_error_handler();
        restore_exception_handler();
        $app->make($kernel)->bootstrap();
        // Laravel's handlers of errors would outlive the application.
        while (($current = set_error_handler(static fn (): bool => false)) !== $previous[0] && $current !== null) {
            restore_error_handler();
            restore_error_handler();
        }
        restore_error_handler();
        while (($current = set_exception_handler(null)) !== $previous[1] && $current !== null) {
            restore_exception_handler();
            restore_exception_handler();
        }
        restore_exception_handler();
        error_reporting(\E_ALL & ~\E_DEPRECATED);

        return $app;
    }

    /**
     * @template T of object
     *
     * @param class-string<T> $class
     *
     * @return T
     */
    protected function get(string $class): object
    {
        $object = $this->app->make($class);
        \assert($object instanceof $class);

        return $object;
    }

    /** The scripted server, and the application configured for it. */
    protected function server(string $mode = 'ok', ?string $label = 'ok'): Server
    {
        $server = Server::start();
        $server->mode($mode, $label);
        $this->point($server->url());

        return $server;
    }

    protected function point(string $url): void
    {
        $config = $this->app->make('config');
        $config->set('understudy.connections.default.base_uri', $url);
        $this->get(\Understudy\Laravel\Connections::class)->forget();
    }

    /** @return list<DecisionMade> is filled while events come */
    protected function &told(): array
    {
        $told = [];
        $this->app->make('events')->listen(DecisionMade::class, static function (DecisionMade $made) use (&$told): void {
            $told[] = $made;
        });

        return $told;
    }

    /** @param array<string, mixed> $arguments */
    protected function artisan(string $command, array $arguments = [], int $status = 0): string
    {
        $kernel = $this->app->make(ConsoleKernelContract::class);
        $ended = $kernel->call($command, $arguments + ['--no-interaction' => true]);
        $shown = $kernel->output();
        self::assertSame($status, $ended, $command . ': ' . $shown);

        return $shown;
    }

    /** @param array<string, string> $headers */
    protected function post(string $path, string $body, array $headers = []): Response
    {
        $server = ['CONTENT_TYPE' => 'application/json', 'REQUEST_METHOD' => 'POST'];
        foreach ($headers as $name => $value) {
            $server['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
        }

        return $this->app->make(HttpKernelContract::class)->handle(Request::create($path, 'POST', [], [], [], $server, $body));
    }

    /** @return list<string> messages with their context, warnings and worse */
    protected function logged(): array
    {
        $lines = [];
        foreach ($this->app->make('log')->channel('test')->getLogger()->getHandlers() as $handler) {
            \assert($handler instanceof TestHandler);
            foreach ($handler->getRecords() as $record) {
                if ((\is_array($record) ? $record['level'] : $record->level->value) >= 300) {
                    $lines[] = $record['message'] . ' ' . json_encode(array_map(static fn (mixed $value): mixed => $value instanceof \Throwable ? $value->getMessage() : $value, $record['context']), \JSON_PARTIAL_OUTPUT_ON_ERROR);
                }
            }
        }

        return $lines;
    }

    protected function understudy(): Understudy
    {
        return $this->get(Understudy::class);
    }
}
