<?php

declare(strict_types=1);

namespace App\Command;

use App\Database\Comments;
use App\Database\Threads;
use App\Entity\State;
use App\History\ExampleTasks;
use App\History\Names;
use App\Moderation\Desk;
use App\Moderation\Moderation;
use App\Security\Users;
use App\Transport\Delivery;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;
use Understudy\Client\Exception\UnderstudyException;

#[AsCommand('forum:day', 'Plays visitors who write, and moderators at the desk who know the example data’s answers')]
final class DayCommand extends Command
{
    /** As many as a moderator finds at the desk after a break. */
    private const AT_ONCE = 20;

    public function __construct(
        private readonly ExampleTasks $examples,
        private readonly Moderation $moderation,
        private readonly Comments $comments,
        private readonly Threads $threads,
        private readonly Users $users,
        private readonly Desk $desk,
    ) {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this
            ->addOption('comments', null, InputOption::VALUE_REQUIRED, 'How many are written; at most those of examples/tasks that were not yet', '120')
            ->addOption('leave', null, InputOption::VALUE_REQUIRED, 'How many the moderators leave waiting for you', '0');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $thread = $this->thread();
        $arriving = $this->examples->arriving(Delivery::MODERATION);
        $truth = array_column($arriving, 'label', 'text');
        $start = $this->comments->countOfThread($thread);
        $rows = \array_slice($arriving, $start, max(1, (int) $input->getOption('comments')));
        if ($rows === []) {
            $output->writeln('All comments of the example data were written.');

            return self::SUCCESS;
        }
        $moderator = $this->users->loadUserByIdentifier('ada');
        $all = ['written' => 0, 'alone' => 0, 'wrong' => 0, 'answered' => 0];
        try {
            foreach (array_chunk($rows, self::AT_ONCE) as $chunk) {
                $posted = [];
                foreach ($chunk as $row) {
                    $posted[$this->moderation->post($thread, $this->users->idOf(Names::of($row['subject'])), $row['text'])] = $row['label'];
                }
                $all['written'] += \count($posted);
                if (!$this->answered(array_keys($posted))) {
                    $output->writeln('<error>No answers for a minute: is the worker running, is Understudy there? The comments wait.</error>');

                    return self::FAILURE;
                }
                foreach ($posted as $id => $label) {
                    $comment = $this->comments->find($id);
                    if ($comment !== null && $comment->decidedBy === 'understudy') {
                        ++$all['alone'];
                        $all['wrong'] += (int) ($comment->label !== $label);
                    }
                }
                $all['answered'] += $this->moderate($truth, $moderator, (int) $input->getOption('leave'));
            }
        } catch (UnderstudyException $failure) {
            $output->writeln(sprintf('<error>%s: %s</error>', $failure->errorCode(), $failure->problem->detail));

            return self::FAILURE;
        }
        $output->writeln(sprintf(
            'Comments %d to %d: %d of %d decided without a person (%d %%), %d of these wrong; moderators answered %d at the desk.',
            $start + 1,
            $start + $all['written'],
            $all['alone'],
            $all['written'],
            100 * $all['alone'] / $all['written'],
            $all['wrong'],
            $all['answered'],
        ));

        return self::SUCCESS;
    }

    private function thread(): int
    {
        $title = 'Open thread, this week';
        foreach ($this->threads->all() as $thread) {
            if ($thread['title'] === $title) {
                return (int) $thread['id'];
            }
        }

        return $this->threads->add($title, 'For everything that has no thread of its own. Be kind; the moderators read along.', $this->users->idOf('ada'));
    }

    /** @param list<int> $ids */
    private function answered(array $ids): bool
    {
        for ($until = microtime(true) + 60; microtime(true) < $until; usleep(100_000)) {
            $ids = array_filter($ids, fn (int $id): bool => $this->comments->find($id)?->state === State::Checking);
            if ($ids === []) {
                return true;
            }
        }

        return false;
    }

    /** @param array<string, string> $truth by text */
    private function moderate(array $truth, \App\Entity\User $moderator, int $leave): int
    {
        $answered = 0;
        for ($round = 0; $round < 10; ++$round) {
            $waiting = $this->desk->waiting();
            if ($waiting <= $leave) {
                usleep(300_000); // what was decided a moment ago is on its way into the queue
                if ($this->desk->waiting() <= $leave) {
                    break;
                }
                continue;
            }
            foreach ($this->desk->take(min(50, $waiting - $leave)) as $claim) {
                $text = Desk::text($claim);
                if (!isset($truth[$text])) {
                    $this->desk->leave($claim->item, $claim->claimToken);
                    continue;
                }
                // What a careful person takes, though nobody waits for it here.
                $seconds = 2 + str_word_count($text) / 4;
                $answered += (int) $this->desk->answer($claim->item, $claim->claimToken, $truth[$text], $moderator, $seconds);
            }
        }

        return $answered;
    }
}
