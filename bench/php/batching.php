<?php

/**
 * The same texts decided by a real Understudy, by turns: one by one, by predictMany(), and by a Messenger worker that finds
 * them waiting and hands each result to a handler of the application. Reads a JSON array of texts; prints JSON: seconds and PHP's CPU seconds of each turn.
 * usage: batching.php task turns < texts
 */

declare(strict_types=1);

use Symfony\Component\Messenger\Event\WorkerRunningEvent;
use Symfony\Component\Messenger\Worker;
use Understudy\Bench\Kernel;
use Understudy\Bench\Results;
use Understudy\SymfonyBundle\Messenger\DecideMessage;

require __DIR__ . '/autoload.php';
[, $task, $turns] = $argv;
$texts = json_decode((string) stream_get_contents(STDIN), true, 8, JSON_THROW_ON_ERROR);

$kernel = new Kernel('with', false);
$kernel->boot();
$container = $kernel->getContainer();
$understudy = $container->get('bench.clients')->get();
$bus = $container->get('bench.bus');
$results = $container->get(Results::class);
$dispatcher = $container->get('event_dispatcher');
$transport = $container->get('bench.transport');
$dispatcher->addListener(WorkerRunningEvent::class, static function (WorkerRunningEvent $event): void {
    if ($event->isWorkerIdle()) {
        $event->getWorker()->stop();
    }
});

$ways = [
    'one_by_one' => static function () use ($understudy, $texts, $task): int {
        $decided = 0;
        foreach ($texts as $text) {
            $decided += $understudy->predict($task, $text)->id === '' ? 0 : 1;
        }

        return $decided;
    },
    'many' => static function () use ($understudy, $texts, $task): int {
        $decided = 0;
        foreach ($understudy->predictMany($task, $texts) as $decision) {
            $decided += $decision->id === '' ? 0 : 1;
        }

        return $decided;
    },
    'worker' => static function () use ($bus, $transport, $dispatcher, $results): int {
        $results->count = 0;
        (new Worker(['async' => $transport], $bus, $dispatcher))->run(['sleep' => 0]);

        return $results->count;
    },
];
foreach ($texts as $i => $text) { // warm up
    if ($i < 50) {
        $understudy->predict($task, $text);
    }
}
$used = static function (): float {
    $usage = getrusage();

    return $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'] + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) / 1e6;
};
$seconds = $cpu = [];
for ($turn = 0; $turn < $turns; ++$turn) {
    foreach ($ways as $name => $decide) {
        if ($name === 'worker') { // web requests have done that
            foreach ($texts as $i => $text) {
                $bus->dispatch(new DecideMessage($task, $text, (string) $i));
            }
        }
        $before = $used();
        $startedAt = hrtime(true);
        $decided = $decide();
        $seconds[$name][] = (hrtime(true) - $startedAt) / 1e9;
        $cpu[$name][] = $used() - $before;
        if ($decided !== count($texts)) {
            throw new LogicException("$name decided $decided of " . count($texts));
        }
    }
}
echo json_encode(['seconds' => $seconds, 'cpu' => $cpu], JSON_THROW_ON_ERROR), "\n";
