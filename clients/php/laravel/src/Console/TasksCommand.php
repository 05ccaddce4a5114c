<?php

declare(strict_types=1);

namespace Understudy\Laravel\Console;

use Understudy\Client\Understudy;
use Understudy\Laravel\Connections;

final class TasksCommand extends ClientCommand
{
    protected $signature = 'understudy:tasks
        {--connection= : Name of the connection; default: the default one}';

    protected $description = 'Lists the tasks of the workspace';

    protected function callUnderstudy(Understudy $understudy, Connections $connections): int
    {
        $rows = [];
        foreach ($understudy->tasks()->list() as $task) {
            $labels = array_map(static fn (object $label): string => $label->name, $task->labels);
            $rows[] = [$task->task, $task->title, implode(', ', \array_slice($labels, 0, 8)) . (\count($labels) > 8 ? ', …' : ''), $task->revision];
        }
        $this->table(['Task', 'Title', 'Labels', 'Revision'], $rows);

        return self::SUCCESS;
    }
}
