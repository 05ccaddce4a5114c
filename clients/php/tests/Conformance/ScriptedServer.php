<?php

declare(strict_types=1);

namespace Understudy\Client\Tests\Conformance;

/** tests/conformance as a child process. */
final class ScriptedServer
{
    public readonly string $url;

    /** @var resource */
    private $process;

    /** @param array<int, resource> $pipes */
    private function __construct($process, array $pipes)
    {
        $this->process = $process;
        $line = fgets($pipes[1]);
        if ($line === false || preg_match('~^listening on (http://\S+)~', $line, $match) !== 1) {
            throw new \RuntimeException('the scripted server did not start: ' . $line);
        }
        $this->url = $match[1];
    }

    /** Null when Node or the server is not here. */
    public static function start(): ?self
    {
        $script = __DIR__ . '/../../../../tests/conformance/src/server.ts';
        exec('node --version 2>/dev/null', $version, $status);
        if ($status !== 0 || !is_file($script)) {
            return null;
        }
        $process = proc_open(['node', $script], [['file', '/dev/null', 'r'], ['pipe', 'w'], STDERR], $pipes);
        if ($process === false) {
            throw new \RuntimeException('node cannot be started');
        }

        return new self($process, $pipes);
    }

    public function stop(): void
    {
        proc_terminate($this->process);
        proc_close($this->process);
    }

    public function begin(string $id): void
    {
        $this->control('POST', '/__case/' . $id);
    }

    /** @return array{ok: bool, problems: list<string>} */
    public function verdict(): array
    {
        return $this->control('GET', '/__verdict');
    }

    private function control(string $method, string $path): mixed
    {
        $context = stream_context_create(['http' => ['method' => $method, 'timeout' => 10, 'content' => '']]);

        return json_decode((string) file_get_contents($this->url . $path, false, $context), true, 512, JSON_THROW_ON_ERROR);
    }
}
