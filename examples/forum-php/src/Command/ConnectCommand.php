<?php

declare(strict_types=1);

namespace App\Command;

use App\History\ExampleTasks;
use App\Transport\Delivery;
use Symfony\Component\Console\Attribute\AsCommand;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;
use Symfony\Component\Console\Output\OutputInterface;
use Symfony\Component\DependencyInjection\Attribute\Autowire;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Understudy;

#[AsCommand('forum:connect', 'Makes the forum’s two tasks at Understudy, and a webhook; what is there already stays as it is')]
final class ConnectCommand extends Command
{
    public function __construct(
        private readonly Understudy $understudy,
        private readonly ExampleTasks $examples,
        #[Autowire('%env(FORUM_DELIVERY)%')] private readonly string $delivery,
    ) {
        parent::__construct();
    }

    protected function configure(): void
    {
        $this
            ->addOption('webhook', null, InputOption::VALUE_REQUIRED, 'Where Understudy reaches the forum, e.g. https://forum.example.com/understudy/webhook')
            ->addOption('secret-file', null, InputOption::VALUE_REQUIRED, 'Where the webhook’s secret is kept');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        try {
            $there = [];
            foreach ($this->understudy->tasks()->list() as $task) {
                $there[] = $task->task;
            }
            foreach (array_diff([Delivery::MODERATION, Delivery::SENTIMENT], $there) as $task) {
                $this->understudy->tasks()->put($task, $this->examples->definition($task), createOnly: true);
                $output->writeln("The task $task was made.");
            }
            $this->webhook($input->getOption('webhook'), $input->getOption('secret-file'), $output);
        } catch (UnderstudyException $failure) {
            $output->writeln(sprintf('<error>%s: %s</error>', $failure->errorCode(), $failure->problem->detail));

            return self::FAILURE;
        }

        return self::SUCCESS;
    }

    /** The secret is shown once, so the webhook is made anew when we do not have it any more. */
    private function webhook(?string $url, ?string $file, OutputInterface $output): void
    {
        if ($url === null) {
            return;
        }
        if ($file === null) {
            throw new \InvalidArgumentException('--webhook needs --secret-file.');
        }
        // What people decide in Understudy's dashboard; its own answers only where no worker waits for them.
        $events = $this->delivery === 'webhooks' ? ['decision.made', 'decision.reviewed'] : ['decision.reviewed'];
        foreach ($this->understudy->webhooks()->list() as $webhook) {
            if ($webhook->url === $url) {
                if (is_file($file) && array_diff($events, $webhook->events) === array_diff($webhook->events, $events)) {
                    $output->writeln('The webhook is there.');

                    return;
                }
                $this->understudy->webhooks()->remove($webhook->id);
            }
        }
        $made = $this->understudy->webhooks()->create(['url' => $url, 'events' => $events]);
        touch($file);
        chmod($file, 0o600);
        file_put_contents($file, $made->secret->reveal());
        $output->writeln("The webhook to $url was made.");
    }
}
