<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Replay;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\ReplayRequest;
use Understudy\Client\Request\Request;

/** What another threshold or version would have decided. */
final class Replays extends Resource
{
    /**
     * Replay history under another budget, threshold or model version.
     *
     * @param array<string, mixed>|ReplayRequest $request
     *
     * @throws UnderstudyException
     */
    public function start(string $task, array|ReplayRequest $request = [], ?CallOptions $options = null): Replay
    {
        $request = Request::fields($request);

        return $this->one(new Call(
            'replays.start',
            'POST',
            self::path('/v1/tasks/{task}/replays', ['task' => $task]),
            $options,
            json: $request,
            idempotent: true,
            task: $task,
        ), Replay::fromArray(...));
    }

    /**
     * List the replays of a task, newest first.
     *
     * @return Listing<Replay>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(string $task, ?PageOptions $page = null): Listing
    {
        return $this->listing(
            'replays.list',
            self::path('/v1/tasks/{task}/replays', ['task' => $task]),
            [],
            $page,
            Replay::fromArray(...),
            task: $task,
        );
    }

    /**
     * Read a replay.
     *
     * @throws UnderstudyException
     */
    public function get(string $id, ?CallOptions $options = null): Replay
    {
        return $this->one(new Call(
            'replays.get',
            'GET',
            self::path('/v1/replays/{id}', ['id' => $id]),
            $options,
        ), Replay::fromArray(...));
    }

    /**
     * Cancel a replay.
     *
     * @throws UnderstudyException
     */
    public function cancel(string $id, ?CallOptions $options = null): Replay
    {
        return $this->one(new Call(
            'replays.cancel',
            'POST',
            self::path('/v1/replays/{id}/cancel', ['id' => $id]),
            $options,
            idempotent: true,
        ), Replay::fromArray(...));
    }
}
