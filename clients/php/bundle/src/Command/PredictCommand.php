<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Command;

use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;
use Symfony\Component\Console\Style\SymfonyStyle;
use Understudy\Client\Fallback;
use Understudy\Client\PredictOptions;
use Understudy\Client\Understudy;

#[AsCommand('understudy:predict', 'Decides one text')]
final class PredictCommand extends ClientCommand
{
    protected function configure(): void
    {
        $this
            ->addArgument('task', InputArgument::REQUIRED, 'Slug of the task')
            ->addArgument('text', InputArgument::OPTIONAL, 'The text; default: standard input')
            ->addOption('external-id', null, InputOption::VALUE_REQUIRED, 'Your id of the item')
            ->addOption('json', null, InputOption::VALUE_NONE, 'Print the answer as it came');
    }

    protected function call(Understudy $understudy, InputInterface $input, SymfonyStyle $io): int
    {
        $text = $input->getArgument('text') ?? stream_get_contents(\STDIN);
        $decision = $understudy->predict($input->getArgument('task'), (string) $text, new PredictOptions(externalId: $input->getOption('external-id'), fallback: Fallback::Throw));
        if ($input->getOption('json')) {
            $io->writeln(json_encode($decision, \JSON_THROW_ON_ERROR | \JSON_PRETTY_PRINT | \JSON_UNESCAPED_UNICODE | \JSON_UNESCAPED_SLASHES), OutputInterface::OUTPUT_RAW);

            return self::SUCCESS;
        }
        $io->definitionList(
            ['Outcome' => $decision->outcome],
            ['Label' => $decision->label ?? 'none: a person decides'],
            ['Suggestion' => $decision->suggestion?->label ?? ''],
            ['Reason' => $decision->review?->reason ?? ''],
            ['Confidence' => sprintf('%s of %s', $decision->confidence ?? '?', $decision->threshold ?? '?')],
            ['Decided by' => $decision->decidedBy === null ? 'nobody' : sprintf('%s %s', $decision->decidedBy->model, $decision->decidedBy->version)],
            ['Decision' => $this->clients->link($decision, $input->getOption('client')) ?? $decision->id],
        );

        return self::SUCCESS;
    }
}
