<?php

declare(strict_types=1);

namespace App\Moderation;

use App\Transport\Delivery;
use Understudy\Client\CallOptions;
use Understudy\Client\Data\Certification;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Understudy;
use Understudy\SymfonyBundle\Client\Clients;

/** How far Understudy is, in its own words. Without it the page says that it is away. */
final class Progress
{
    public function __construct(private readonly Understudy $understudy, private readonly Clients $clients)
    {
    }

    /** @return list<array{task: string, certification: Certification|null, retraining: string|null, waiting: int|null, problem: string|null}> */
    public function tasks(): array
    {
        $short = new CallOptions(timeout: 1.0, totalTimeout: 1.5, maxRetries: 0);
        $tasks = [];
        foreach ([Delivery::MODERATION, Delivery::SENTIMENT] as $task) {
            $row = ['task' => $task, 'certification' => null, 'retraining' => null, 'waiting' => null, 'problem' => null];
            try {
                $row['certification'] = $this->understudy->certification()->get($task, $short);
                $row['retraining'] = $this->understudy->retraining()->get($task, $short)->reason;
                $row['waiting'] = $this->understudy->review()->queues($task, $short)->total->depth;
            } catch (UnderstudyException $away) {
                $row['problem'] = $away->problem->detail;
            }
            $tasks[] = $row;
        }

        return $tasks;
    }
}
