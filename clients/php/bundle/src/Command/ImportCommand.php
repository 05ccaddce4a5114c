<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Command;

use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Style\SymfonyStyle;
use Understudy\Client\CallOptions;
use Understudy\Client\ImportOptions;
use Understudy\Client\Understudy;

#[AsCommand('understudy:import', 'Imports labelled examples from a file of NDJSON or CSV, streamed')]
final class ImportCommand extends ClientCommand
{
    protected function configure(): void
    {
        $this
            ->addArgument('task', InputArgument::REQUIRED, 'Slug of the task')
            ->addArgument('file', InputArgument::REQUIRED, '{"input": {"text": …}, "label": …} a line, or CSV with the header text,label')
            ->addOption('format', null, InputOption::VALUE_REQUIRED, 'ndjson, csv or json; default: by the name of the file')
            ->addOption('timeout', null, InputOption::VALUE_REQUIRED, 'Seconds that the server may take to store the rows', '300')
            ->addOption('on-invalid', null, InputOption::VALUE_REQUIRED, 'reject: nothing is stored if any row is bad; skip', 'reject')
            ->addOption('new-labels', null, InputOption::VALUE_REQUIRED, 'reject or add labels that the task lacks', 'reject');
    }

    protected function call(Understudy $understudy, InputInterface $input, SymfonyStyle $io): int
    {
        $file = $input->getArgument('file');
        if (!is_file($file) || !is_readable($file)) {
            throw new \InvalidArgumentException(sprintf('There is no file "%s".', $file));
        }
        $format = $input->getOption('format') ?? ['csv' => 'csv', 'json' => 'json'][strtolower(pathinfo($file, \PATHINFO_EXTENSION))] ?? 'ndjson';
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
        $answer = $understudy->examples()->import($input->getArgument('task'), $pieces, new ImportOptions(
            format: $format,
            onInvalid: $input->getOption('on-invalid'),
            newLabels: $input->getOption('new-labels'),
            call: new CallOptions(timeout: (float) $input->getOption('timeout')),
        ));

        return ImportReport::print($io, $answer);
    }
}
