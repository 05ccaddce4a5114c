<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Command;

use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Style\SymfonyStyle;
use Understudy\Client\Understudy;

#[AsCommand('understudy:tasks', 'Lists the tasks of the workspace')]
final class TasksCommand extends ClientCommand
{
    protected function call(Understudy $understudy, InputInterface $input, SymfonyStyle $io): int
    {
        $rows = [];
        foreach ($understudy->tasks()->list() as $task) {
            $labels = array_map(static fn (object $label): string => $label->name, $task->labels);
            $rows[] = [$task->task, $task->title, implode(', ', \array_slice($labels, 0, 8)) . (\count($labels) > 8 ? ', …' : ''), $task->revision];
        }
        $io->table(['Task', 'Title', 'Labels', 'Revision'], $rows);

        return self::SUCCESS;
    }
}
