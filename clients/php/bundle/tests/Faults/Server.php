<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Tests\Faults;

/** The scripted server as a child process; it ends with this one. */
final class Server
{
    private static ?self $running = null;

    /** @param resource $process */
    private function __construct(
        public readonly int $port,
        private $process,
        /** @var array<int, resource> */
        private array $pipes,
    ) {
    }

    public static function start(): self
    {
        if (self::$running === null) {
            $process = proc_open(['node', __DIR__ . '/server.mjs'], [['pipe', 'r'], ['pipe', 'w'], \STDERR], $pipes);
            if ($process === false) {
                throw new \RuntimeException('node does not start');
            }
            $port = (int) fgets($pipes[1]);
            if ($port === 0) {
                throw new \RuntimeException('the scripted server did not start: Node 20 or later is needed');
            }
            self::$running = new self($port, $process, $pipes);
            register_shutdown_function(static function (): void {
                if (self::$running !== null) {
                    fclose(self::$running->pipes[0]);
                    proc_close(self::$running->process);
                }
            });
        }

        return self::$running;
    }

    public function url(): string
    {
        return 'http://127.0.0.1:' . $this->port;
    }

    /** @param string|null $label of decisions; null: a person has to decide */
    public function mode(string $mode, ?string $label = 'ok'): void
    {
        $this->call('PUT', '/__mode', json_encode(['mode' => $mode, 'label' => $label], \JSON_THROW_ON_ERROR));
    }

    /** @return list<array{method: string, path: string, headers: array<string, string>, body: mixed}> */
    public function log(): array
    {
        return json_decode($this->call('GET', '/__log'), true, 64, \JSON_THROW_ON_ERROR);
    }

    private function call(string $method, string $path, string $body = ''): string
    {
        $answer = file_get_contents($this->url() . $path, false, stream_context_create(['http' => ['method' => $method, 'content' => $body, 'header' => "Content-Type: application/json\r\nConnection: close", 'timeout' => 5]]));
        if ($answer === false) {
            throw new \RuntimeException('the scripted server does not answer');
        }

        return $answer;
    }
}
