<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Overview;
use Understudy\Client\Data\Quality as QualityData;
use Understudy\Client\Http\Call;

/** Audited error and agreement, of a task and of all. */
final class Quality extends Resource
{
    /**
     * `$window`: `by` is `label`, `model_version`, `reason`, `band`, `day` or `hour`.
     *
     * @param array{from?: string, to?: string, by?: string, interval?: string, confidence?: float} $window
     */
    public function task(string $task, array $window = [], ?CallOptions $options = null): QualityData
    {
        return $this->one(new Call(
            'quality.task',
            'GET',
            self::path('/v1/tasks/{task}/quality', ['task' => $task]),
            $options,
            query: $window,
            task: $task,
        ), QualityData::fromArray(...));
    }

    /**
     * `$window`: `bucket` is `ten_seconds`, `minute`, `hour`, `day`, `week` or `month`.
     *
     * @param array{from?: string, to?: string, bucket?: string, interval?: string} $window
     */
    public function overview(array $window = [], ?CallOptions $options = null): Overview
    {
        return $this->one(new Call(
            'quality.overview',
            'GET',
            '/v1/overview',
            $options,
            query: $window,
        ), Overview::fromArray(...));
    }
}
