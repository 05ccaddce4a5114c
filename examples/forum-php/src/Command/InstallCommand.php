<?php

declare(strict_types=1);

namespace App\Command;

use App\Database\Tables;
use App\History\History;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

#[AsCommand('forum:install', 'Makes the tables and fills them with the forum’s history; does nothing when they are there')]
final class InstallCommand extends Command
{
    public function __construct(private readonly Tables $tables, private readonly History $history)
    {
        parent::__construct();
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        if ($this->tables->exist()) {
            $output->writeln('The forum is installed.');

            return self::SUCCESS;
        }
        $this->tables->create();
        $password = $_SERVER['FORUM_PASSWORD'] ?? 'lantern';
        $made = $this->history->write(\is_string($password) ? $password : 'lantern');
        $output->writeln(sprintf('%d threads, %d comments that moderators decided in the past.', $made['threads'], $made['comments']));
        $output->writeln(sprintf('Sign in as mara or jon (members) or ada (moderator), password: %s', $password));

        return self::SUCCESS;
    }
}
