<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Command;

use Doctrine\DBAL\Connection;
use Doctrine\Persistence\ConnectionRegistry;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Style\SymfonyStyle;
use Understudy\Client\CallOptions;
use Understudy\Client\ImportOptions;
use Understudy\Client\Understudy;
use Understudy\SymfonyBundle\Client\Clients;
use Understudy\SymfonyBundle\Export\Connections;
use Understudy\SymfonyBundle\Export\LabelledRows;

#[AsCommand('understudy:export', 'Sends rows of a table, with the labels that people gave them, as training examples')]
final class ExportCommand extends ClientCommand
{
    public function __construct(Clients $clients, private readonly ?ConnectionRegistry $doctrine = null)
    {
        parent::__construct($clients);
    }

    protected function configure(): void
    {
        $this
            ->addArgument('task', InputArgument::REQUIRED, 'Slug of the task')
            ->addArgument('table', InputArgument::REQUIRED, 'Table with texts and labels')
            ->addOption('text', null, InputOption::VALUE_REQUIRED, 'Column with the text', 'body')
            ->addOption('label', null, InputOption::VALUE_REQUIRED, 'Column with the label', 'status')
            ->addOption('id', null, InputOption::VALUE_REQUIRED, 'Unique, ordered column; becomes the external_id', 'id')
            ->addOption('subject', null, InputOption::VALUE_REQUIRED, 'Column with whom the text is about')
            ->addOption('occurred-at', null, InputOption::VALUE_REQUIRED, 'Column with the time; without a zone it is UTC')
            ->addOption('map', null, InputOption::VALUE_REQUIRED | InputOption::VALUE_IS_ARRAY, 'value=label; with it, other values are left out')
            ->addOption('where', null, InputOption::VALUE_REQUIRED, 'SQL condition')
            ->addOption('connection', null, InputOption::VALUE_REQUIRED, 'Name of a connection of Doctrine; default: the default one')
            ->addOption('dsn', null, InputOption::VALUE_REQUIRED, 'Instead of Doctrine: a PDO DSN, or env:NAME of a variable that holds one. User and password: UNDERSTUDY_EXPORT_USER, UNDERSTUDY_EXPORT_PASSWORD')
            ->addOption('to', null, InputOption::VALUE_REQUIRED, 'Write NDJSON to this file instead of sending')
            ->addOption('page', null, InputOption::VALUE_REQUIRED, 'Rows read at a time', '2000')
            ->addOption('gzip', null, InputOption::VALUE_NONE, 'Compress on the way')
            ->addOption('timeout', null, InputOption::VALUE_REQUIRED, 'Seconds that the server may take to store the rows', '300')
            ->addOption('on-invalid', null, InputOption::VALUE_REQUIRED, 'reject: nothing is stored if any row is bad; skip', 'reject')
            ->addOption('new-labels', null, InputOption::VALUE_REQUIRED, 'reject or add labels that the task lacks', 'reject');
    }

    protected function call(Understudy $understudy, InputInterface $input, SymfonyStyle $io): int
    {
        $page = (int) $input->getOption('page');
        if ($page < 1) {
            throw new \InvalidArgumentException('--page is at least 1.');
        }
        $access = $this->access($input);
        $rows = new LabelledRows(
            $access['query'],
            $access['quote'],
            $input->getArgument('table'),
            $input->getOption('text'),
            $input->getOption('label'),
            $input->getOption('id'),
            $input->getOption('subject'),
            $input->getOption('occurred-at'),
            $this->map($input->getOption('map')),
            $input->getOption('where'),
            $page,
        );
        $started = microtime(true);
        if ($input->getOption('to') !== null) {
            $this->write($rows, $input->getOption('to'));
            $status = self::SUCCESS;
        } else {
            $status = ImportReport::print($io, $understudy->examples()->import(
                $input->getArgument('task'),
                // A closure: a broken connection is repeated from the first row.
                static fn (): iterable => $rows->examples(),
                new ImportOptions(
                    onInvalid: $input->getOption('on-invalid'),
                    newLabels: $input->getOption('new-labels'),
                    gzip: $input->getOption('gzip'),
                    call: new CallOptions(timeout: (float) $input->getOption('timeout')),
                ),
            ));
        }
        $seconds = max(0.001, microtime(true) - $started);
        $io->writeln(sprintf(
            '%d rows read in %.1f s (%d a second); %d without text or label, %d with other labels were left out; peak memory %.0f MB',
            $rows->read,
            $seconds,
            $rows->read / $seconds,
            $rows->unlabelled,
            $rows->unmapped,
            memory_get_peak_usage(true) / 1048576,
        ));

        return $status;
    }

    private function write(LabelledRows $rows, string $file): void
    {
        $stream = @fopen($file, 'w') ?: throw new \InvalidArgumentException(sprintf('"%s" cannot be written.', $file));
        foreach ($rows->examples() as $example) {
            if (fwrite($stream, json_encode($example, \JSON_THROW_ON_ERROR | \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES | \JSON_INVALID_UTF8_SUBSTITUTE) . "\n") === false) {
                throw new \InvalidArgumentException(sprintf('"%s" cannot be written.', $file));
            }
        }
        fclose($stream);
    }

    /** @return array{query: \Closure, quote: \Closure} */
    private function access(InputInterface $input): array
    {
        $dsn = $input->getOption('dsn');
        if ($dsn !== null) {
            if (str_starts_with($dsn, 'env:')) {
                $name = substr($dsn, 4);
                $dsn = self::variable($name) ?? throw new \InvalidArgumentException(sprintf('There is no environment variable %s.', $name));
            }

            return Connections::ofPdo(new \PDO($dsn, self::variable('UNDERSTUDY_EXPORT_USER'), self::variable('UNDERSTUDY_EXPORT_PASSWORD')));
        }
        if ($this->doctrine === null) {
            throw new \InvalidArgumentException('There is no DoctrineBundle here: give a PDO DSN with --dsn.');
        }
        $connection = $this->doctrine->getConnection($input->getOption('connection'));
        if (!$connection instanceof Connection) {
            throw new \InvalidArgumentException('This connection is none of Doctrine DBAL.');
        }

        return Connections::ofDbal($connection);
    }

    private static function variable(string $name): ?string
    {
        $value = $_SERVER[$name] ?? $_ENV[$name] ?? getenv($name);

        return \is_string($value) ? $value : null;
    }

    /**
     * @param list<string> $pairs
     *
     * @return array<string, string>
     */
    private function map(array $pairs): array
    {
        $map = [];
        foreach ($pairs as $pair) {
            [$value, $label] = explode('=', $pair, 2) + [1 => ''];
            if ($value === '' || $label === '') {
                throw new \InvalidArgumentException(sprintf('--map is value=label, not "%s".', $pair));
            }
            $map[$value] = $label;
        }

        return $map;
    }
}
