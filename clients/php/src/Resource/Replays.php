<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Replay;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;

/** What another threshold or version would have decided. */
final class Replays extends Resource
{
    /** @param array<string, mixed> $request */
    public function start(string $task, array $request = [], ?CallOptions $options = null): Replay
    {
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

    /** @return Listing<Replay> */
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

    public function get(string $id, ?CallOptions $options = null): Replay
    {
        return $this->one(new Call(
            'replays.get',
            'GET',
            self::path('/v1/replays/{id}', ['id' => $id]),
            $options,
        ), Replay::fromArray(...));
    }

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
