<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\ValueReport;
use Understudy\Client\Download;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Request\Request;
use Understudy\Client\Request\ValueWindow;

/** What the automation is worth, with its evidence. */
final class Value extends Resource
{
    /**
     * `$window`: `bucket` is `hour`, `day`, `week` or `month`.
     *
     * @param array{task?: string, from?: string, to?: string, bucket?: string}|ValueWindow $window
     *
     * @throws UnderstudyException
     */
    public function report(array|ValueWindow $window = [], ?CallOptions $options = null): ValueReport
    {
        $window = Request::query($window);

        return $this->one(new Call(
            'value.report',
            'GET',
            '/v1/value',
            $options,
            query: $window,
            task: $window['task'] ?? null,
        ), ValueReport::fromArray(...));
    }

    /**
     * The same figures as a table.
     *
     * @param array{task?: string, from?: string, to?: string, bucket?: string}|ValueWindow $window
     *
     * @throws UnderstudyException
     */
    public function csv(array|ValueWindow $window = [], ?CallOptions $options = null): Download
    {
        $window = Request::query($window);

        return $this->streamed(new Call(
            'value.csv',
            'GET',
            '/v1/value',
            $options,
            query: ['format' => 'csv'] + $window,
            accept: 'text/csv',
            task: $window['task'] ?? null,
            stream: true,
        ));
    }

    /**
     * A page to print.
     *
     * @param array{task?: string, from?: string, to?: string, bucket?: string}|ValueWindow $window
     *
     * @throws UnderstudyException
     */
    public function page(array|ValueWindow $window = [], ?CallOptions $options = null): Download
    {
        $window = Request::query($window);

        return $this->streamed(new Call(
            'value.page',
            'GET',
            '/v1/value/report',
            $options,
            query: $window,
            accept: 'text/html',
            task: $window['task'] ?? null,
            stream: true,
        ));
    }

    /**
     * Every row behind the figures, as NDJSON.
     *
     * @param array{task?: string, from?: string, to?: string, bucket?: string}|ValueWindow $window
     *
     * @throws UnderstudyException
     */
    public function export(array|ValueWindow $window = [], ?CallOptions $options = null): Download
    {
        $window = Request::query($window);

        return $this->streamed(new Call(
            'value.export',
            'GET',
            '/v1/value/export',
            $options,
            query: $window,
            accept: 'application/x-ndjson',
            task: $window['task'] ?? null,
            timeout: self::LONGEST_SILENCE,
            stream: true,
        ));
    }
}
