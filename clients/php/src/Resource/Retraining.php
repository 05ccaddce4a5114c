<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Retraining as RetrainingData;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;

/** When a task trains again by itself. */
final class Retraining extends Resource
{
    /**
     * When the task is trained again by itself, and why.
     *
     * @throws UnderstudyException
     */
    public function get(string $task, ?CallOptions $options = null): RetrainingData
    {
        return $this->one(new Call(
            'retraining.get',
            'GET',
            self::path('/v1/tasks/{task}/retraining', ['task' => $task]),
            $options,
            task: $task,
        ), RetrainingData::fromArray(...));
    }
}
