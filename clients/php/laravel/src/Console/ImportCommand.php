<?php

declare(strict_types=1);

namespace Understudy\Laravel\Console;

use Understudy\Client\CallOptions;
use Understudy\Client\ImportOptions;
use Understudy\Client\Understudy;
use Understudy\Laravel\Connections;

final class ImportCommand extends ClientCommand
{
    protected $signature = 'understudy:import
        {task : Slug of the task}
        {file : A JSON object with input and label a line, or CSV with the header text,label}
        {--format= : ndjson, csv or json; default: by the name of the file}
        {--gzip : Compress on the way}
        {--timeout=300 : Seconds that the server may take to store the rows}
        {--on-invalid=reject : reject: nothing is stored if any row is bad; skip}
        {--new-labels=reject : reject or add labels that the task lacks}
        {--connection= : Name of the connection; default: the default one}';

    protected $description = 'Imports labelled examples from a file of NDJSON or CSV, streamed';

    protected function callUnderstudy(Understudy $understudy, Connections $connections): int
    {
        $file = $this->argument('file');
        if (!is_file($file) || !is_readable($file)) {
            throw new \InvalidArgumentException(sprintf('There is no file "%s".', $file));
        }
        $format = $this->option('format') ?? ['csv' => 'csv', 'json' => 'json'][strtolower(pathinfo($file, \PATHINFO_EXTENSION))] ?? 'ndjson';
        $pieces = static function () use ($file): \Generator {
            $stream = fopen($file, 'r') ?: throw new \InvalidArgumentException(sprintf('"%s" cannot be read.', $file));
            try {
                while (!feof($stream)) {
                    yield (string) fread($stream, 65536);
                }
            } finally {
                fclose($stream);
            }
        };

        return $this->imported($understudy->examples()->import($this->argument('task'), $pieces, new ImportOptions(
            format: $format,
            onInvalid: $this->option('on-invalid'),
            newLabels: $this->option('new-labels'),
            gzip: $this->option('gzip'),
            call: new CallOptions(timeout: (float) $this->option('timeout')),
        )));
    }
}
