<?php

declare(strict_types=1);

namespace App\Command;

use App\Moderation\Moderation;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;

#[AsCommand('forum:catch-up', 'Hands over again what could not be: for cron, or once broker or Understudy are back')]
final class CatchUpCommand extends Command
{
    public function __construct(private readonly Moderation $moderation)
    {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this->addOption('older-than', null, InputOption::VALUE_REQUIRED, 'Seconds that a comment has waited for an answer', '60');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $done = $this->moderation->catchUp((int) $input->getOption('older-than'));
        $output->writeln(sprintf('%d comments and %d labels were handed over again.', $done['comments'], $done['labels']));

        return self::SUCCESS;
    }
}
