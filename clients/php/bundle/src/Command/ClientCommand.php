<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Command;

use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\ConsoleOutputInterface;
use Symfony\Component\Console\Output\OutputInterface;
use Symfony\Component\Console\Style\SymfonyStyle;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Understudy;
use Understudy\SymfonyBundle\Client\Clients;

/** A command that calls Understudy: chooses the client, and tells failures with code and request id instead of a trace. */
abstract class ClientCommand extends Command
{
    public function __construct(protected readonly Clients $clients)
    {
        parent::__construct();
        $this->addOption('client', null, InputOption::VALUE_REQUIRED, 'Name of the client; default: the default one');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        try {
            return $this->call($this->clients->get($input->getOption('client')), $input, new SymfonyStyle($input, $output));
        } catch (UnderstudyException $failure) {
            $this->tell($output, sprintf('%s: %s', $failure->errorCode(), $failure->problem->detail), $failure);
        } catch (\InvalidArgumentException | \PDOException $wrong) {
            $this->tell($output, $wrong->getMessage(), null);
        }

        return self::FAILURE;
    }

    private function tell(OutputInterface $output, string $text, ?UnderstudyException $failure): void
    {
        $errors = new SymfonyStyle(new \Symfony\Component\Console\Input\ArrayInput([]), $output instanceof ConsoleOutputInterface ? $output->getErrorOutput() : $output);
        $errors->error($text);
        foreach ($failure?->problem->errors ?? [] as $error) {
            $errors->writeln(sprintf('  %s %s: %s', $error['pointer'], $error['code'], $error['detail']));
        }
        if ($failure?->requestId() !== null) {
            $errors->writeln('  request ' . $failure->requestId());
        }
    }

    /** @throws UnderstudyException|\InvalidArgumentException both are told without a trace */
    abstract protected function call(Understudy $understudy, InputInterface $input, SymfonyStyle $io): int;
}
