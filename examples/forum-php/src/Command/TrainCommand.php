<?php

declare(strict_types=1);

namespace App\Command;

use App\Transport\Delivery;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputArgument;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Understudy;

#[AsCommand('forum:train', 'Trains a task on its examples, and says what it may do by itself')]
final class TrainCommand extends Command
{
    public function __construct(private readonly Understudy $understudy)
    {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this->addArgument('task', InputArgument::OPTIONAL, 'Slug of the task', Delivery::MODERATION)
            ->addOption('trainer', null, InputOption::VALUE_REQUIRED, 'linear (seconds), neural, or auto for the better one', 'auto');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $task = $input->getArgument('task');
        try {
            $run = $this->understudy->trainingRuns()->start($task, ['trainer' => $input->getOption('trainer')]);
            $run = $this->understudy->trainingRuns()->wait($run->id);
            if ($run->status !== 'succeeded') {
                $output->writeln(sprintf('<error>%s: %s</error>', $run->status, $run->error?->detail ?? ''));

                return self::FAILURE;
            }
            $output->writeln(sprintf('%s: version %s, %s', $task, $run->modelVersion, $run->chosenTrainer ?? ''));
            $certification = $this->understudy->certification()->get($task);
            $output->writeln($certification->inForce ? sprintf(
                'certified: at most %.1f %% wrong (%.0f %% confidence) where it is at least %.1f %% sure; that is %.0f %% of the comments',
                100 * $certification->maxError,
                100 * $certification->confidence,
                100 * (float) $certification->threshold,
                100 * (float) $certification->expectedCoverage,
            ) : 'not certified yet: ' . ($certification->needed->reason ?? ''));
        } catch (UnderstudyException $failure) {
            $output->writeln(sprintf('<error>%s: %s</error>', $failure->errorCode(), $failure->problem->detail));

            return self::FAILURE;
        }

        return self::SUCCESS;
    }
}
