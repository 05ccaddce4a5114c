<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Overview;
use Understudy\Client\Data\Quality as QualityData;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Request\OverviewWindow;
use Understudy\Client\Request\QualityWindow;
use Understudy\Client\Request\Request;

/** Audited error and agreement, of a task and of all. */
final class Quality extends Resource
{
    /**
     * `$window`: `by` is `label`, `model_version`, `reason`, `band`, `day` or `hour`.
     *
     * @param array{from?: string, to?: string, by?: string, interval?: string, confidence?: float}|QualityWindow $window
     *
     * @throws UnderstudyException
     */
    public function task(string $task, array|QualityWindow $window = [], ?CallOptions $options = null): QualityData
    {
        $window = Request::query($window);

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
     * @param array{from?: string, to?: string, bucket?: string, interval?: string}|OverviewWindow $window
     *
     * @throws UnderstudyException
     */
    public function overview(array|OverviewWindow $window = [], ?CallOptions $options = null): Overview
    {
        $window = Request::query($window);

        return $this->one(new Call(
            'quality.overview',
            'GET',
            '/v1/overview',
            $options,
            query: $window,
        ), Overview::fromArray(...));
    }
}
