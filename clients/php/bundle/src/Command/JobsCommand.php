<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Command;

use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Style\SymfonyStyle;
use Understudy\Client\Understudy;

#[AsCommand('understudy:jobs', 'Lists jobs, newest first')]
final class JobsCommand extends ClientCommand
{
    protected function configure(): void
    {
        $this
            ->addOption('status', null, InputOption::VALUE_REQUIRED, 'queued, running, succeeded, failed or cancelled')
            ->addOption('task', null, InputOption::VALUE_REQUIRED, 'Slug of a task')
            ->addOption('limit', null, InputOption::VALUE_REQUIRED, 'How many', '50');
    }

    protected function call(Understudy $understudy, InputInterface $input, SymfonyStyle $io): int
    {
        $filter = array_filter(['status' => $input->getOption('status'), 'task' => $input->getOption('task')], static fn (?string $value): bool => $value !== null);
        $limit = (int) $input->getOption('limit');
        if ($limit < 1) {
            throw new \InvalidArgumentException('--limit is at least 1.');
        }
        $rows = [];
        foreach ($understudy->jobs()->list($filter) as $job) {
            $rows[] = [
                $job->id, $job->task, $job->status, sprintf('%d/%d', $job->progress->done, $job->progress->total),
                $job->createdAt->format('Y-m-d H:i:s'), $job->error === null ? '' : $job->error->code,
            ];
            if (\count($rows) >= $limit) {
                break;
            }
        }
        $io->table(['Job', 'Task', 'Status', 'Progress', 'Created', 'Error'], $rows);

        return self::SUCCESS;
    }
}
