<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\DatasetDiff;
use Understudy\Client\Data\DatasetVersion;
use Understudy\Client\Download;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;

/** Immutable, content-addressed versions of a task's examples. */
final class Datasets extends Resource
{
    /**
     * Freezes the examples as they are now; the same rows give the same id.
     *
     * @throws UnderstudyException
     */
    public function create(string $task, ?CallOptions $options = null): DatasetVersion
    {
        return $this->one(new Call(
            'datasets.create',
            'POST',
            self::path('/v1/tasks/{task}/datasets', ['task' => $task]),
            $options,
            idempotent: true,
            task: $task,
            timeout: 300.0,
            total: 600.0,
        ), DatasetVersion::fromArray(...));
    }

    /**
     * List dataset versions, newest first.
     *
     * @return Listing<DatasetVersion>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(string $task, ?PageOptions $page = null): Listing
    {
        return $this->listing(
            'datasets.list',
            self::path('/v1/tasks/{task}/datasets', ['task' => $task]),
            [],
            $page,
            DatasetVersion::fromArray(...),
            task: $task,
        );
    }

    /**
     * Read a dataset version.
     *
     * @throws UnderstudyException
     */
    public function get(string $task, string $dataset, ?CallOptions $options = null): DatasetVersion
    {
        return $this->one(new Call(
            'datasets.get',
            'GET',
            self::path('/v1/tasks/{task}/datasets/{dataset}', ['task' => $task, 'dataset' => $dataset]),
            $options,
            task: $task,
        ), DatasetVersion::fromArray(...));
    }

    /**
     * The rows. `$format`: `parquet`, `csv` or `ndjson`. `$provenance` adds where each label comes from.
     *
     * @throws UnderstudyException
     */
    public function data(
        string $task,
        string $dataset,
        string $format = 'parquet',
        bool $provenance = false,
        ?CallOptions $options = null,
    ): Download {
        return $this->streamed(new Call(
            'datasets.data',
            'GET',
            self::path('/v1/tasks/{task}/datasets/{dataset}/data', ['task' => $task, 'dataset' => $dataset]),
            $options,
            query: ['format' => $format, 'provenance' => $provenance ? 'include' : null],
            accept: '*/*',
            task: $task,
            stream: true,
        ));
    }

    /**
     * One page of the rows in which a version differs from the version `$base` of the same task, with a summary of all of
     * them. `$change`: only rows that were `relabelled`, `added`, `removed` or otherwise `changed`.
     *
     * @throws UnderstudyException
     */
    public function diff(
        string $task,
        string $dataset,
        string $base,
        ?string $change = null,
        ?PageOptions $page = null,
    ): DatasetDiff {
        return $this->one(new Call(
            'datasets.diff',
            'GET',
            self::path('/v1/tasks/{task}/datasets/{dataset}/diff', ['task' => $task, 'dataset' => $dataset]),
            $page?->call,
            query: ['base' => $base, 'change' => $change, 'limit' => $page?->limit, 'cursor' => $page?->cursor],
            task: $task,
            timeout: 120.0,
        ), DatasetDiff::fromArray(...));
    }
}
