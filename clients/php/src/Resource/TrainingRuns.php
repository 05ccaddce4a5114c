<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\TrainingRun;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\FollowedEvent;
use Understudy\Client\Http\Call;
use Understudy\Client\Http\Follower;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\Request;
use Understudy\Client\Request\TrainingRunRequest;

/** Training of models. */
final class TrainingRuns extends Resource
{
    /**
     * `$request`: `trainer`, `dataset`, `parameters`, `seed`, `promote`; empty is fine.
     *
     * @param array<string, mixed>|TrainingRunRequest $request
     *
     * @throws UnderstudyException
     */
    public function start(string $task, array|TrainingRunRequest $request = [], ?CallOptions $options = null): TrainingRun
    {
        $request = Request::fields($request);

        return $this->one(new Call(
            'training_runs.start',
            'POST',
            self::path('/v1/tasks/{task}/training-runs', ['task' => $task]),
            $options,
            json: $request,
            idempotent: true,
            task: $task,
        ), TrainingRun::fromArray(...));
    }

    /**
     * List the training runs of a task, newest first.
     *
     * @return Listing<TrainingRun>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(string $task, ?PageOptions $page = null): Listing
    {
        return $this->listing(
            'training_runs.list',
            self::path('/v1/tasks/{task}/training-runs', ['task' => $task]),
            [],
            $page,
            TrainingRun::fromArray(...),
            task: $task,
        );
    }

    /**
     * Read a run.
     *
     * @throws UnderstudyException
     */
    public function get(string $id, ?CallOptions $options = null): TrainingRun
    {
        return $this->one(new Call(
            'training_runs.get',
            'GET',
            self::path('/v1/training-runs/{id}', ['id' => $id]),
            $options,
        ), TrainingRun::fromArray(...));
    }

    /**
     * Cancel a run.
     *
     * @throws UnderstudyException
     */
    public function cancel(string $id, ?CallOptions $options = null): TrainingRun
    {
        return $this->one(new Call(
            'training_runs.cancel',
            'POST',
            self::path('/v1/training-runs/{id}/cancel', ['id' => $id]),
            $options,
            idempotent: true,
        ), TrainingRun::fromArray(...));
    }

    /**
     * The run now and after every change, until it is over.
     *
     * @param string|null $lastEventId skips the events up to this id
     *
     * @return \Generator<int, FollowedEvent<TrainingRun>>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function events(string $id, ?string $lastEventId = null, ?CallOptions $options = null): \Generator
    {
        return $this->followAt(
            'training_runs.events',
            self::path('/v1/training-runs/{id}', ['id' => $id]),
            $lastEventId,
            $options,
            TrainingRun::fromArray(...),
        );
    }

    /**
     * Waits until it is over. `$progress` is told of every change.
     *
     * @param (\Closure(TrainingRun): mixed)|null $progress
     *
     * @throws UnderstudyException
     */
    public function wait(string $id, ?\Closure $progress = null, ?CallOptions $options = null): TrainingRun
    {
        foreach ($this->events($id, null, $options) as $event) {
            if ($progress !== null) {
                $progress($event->state);
            }
            if (Follower::isOver($event->state->status)) {
                return $event->state;
            }
        }

        return $this->get($id, $options);
    }
}
