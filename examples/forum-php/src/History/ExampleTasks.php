<?php

declare(strict_types=1);

namespace App\History;

use Symfony\Component\DependencyInjection\Attribute\Autowire;

/** The example data of this repository (examples/tasks), by reference. */
final class ExampleTasks
{
    public function __construct(#[Autowire('%kernel.project_dir%/../tasks')] private readonly string $folder)
    {
    }

    /** @return array<string, mixed> the body of PUT /v1/tasks/{task} */
    public function definition(string $task): array
    {
        return json_decode($this->read($task . '/task.json'), true, 64, \JSON_THROW_ON_ERROR);
    }

    /** @return list<array{text: string, label: string}> */
    public function labelled(string $task): array
    {
        $stream = fopen($this->path($task . '/examples.csv'), 'r') ?: throw new \RuntimeException('The example data cannot be read.');
        fgetcsv($stream, escape: '');
        $rows = [];
        while (\is_array($row = fgetcsv($stream, escape: ''))) {
            $rows[] = ['text' => (string) $row[1], 'label' => (string) $row[2]];
        }
        fclose($stream);

        return $rows;
    }

    /** @return list<array{text: string, subject: string, label: string}> what arrives later, with what careful people say about it */
    public function arriving(string $task): array
    {
        $truth = array_column($this->lines($task . '/truth.ndjson'), 'label', 'external_id');

        return array_map(static fn (array $row): array => [
            'text' => $row['input']['text'], 'subject' => $row['subject'] ?? 'user-' . crc32($row['external_id']), 'label' => $truth[$row['external_id']],
        ], $this->lines($task . '/stream.ndjson'));
    }

    public function path(string $file): string
    {
        return $this->folder . '/' . $file;
    }

    /** @return list<array<string, mixed>> */
    private function lines(string $file): array
    {
        return array_map(static fn (string $line): array => json_decode($line, true, 64, \JSON_THROW_ON_ERROR), explode("\n", trim($this->read($file))));
    }

    private function read(string $file): string
    {
        return file_get_contents($this->path($file)) ?: throw new \RuntimeException(sprintf('%s cannot be read.', $this->path($file)));
    }
}
