<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Example;
use Understudy\Client\Data\ExampleStats;
use Understudy\Client\Data\ImportResponse;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\ImportOptions;
use Understudy\Client\Internal\Upload;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\ExampleFilter;
use Understudy\Client\Request\Request;

/** Labelled examples: what the task learns from. */
final class Examples extends Resource
{
    /**
     * Any number of examples, streamed in constant memory. A row is
     * `['input' => ['text' => …], 'label' => …]` with `subject`, `external_id`, `occurred_at`, `attributes` where known.
     *
     * A generator is used up by the first attempt; give an array, or a closure that makes the rows anew, and a broken
     * connection is repeated.
     *
     * @param string|iterable<array<string, mixed>|object|string>|\Closure(): iterable<array<string, mixed>|object|string> $rows
     *        rows; or text in the format of the options, whole or in pieces
     *
     * @throws UnderstudyException
     */
    public function import(string $task, string|iterable|\Closure $rows, ?ImportOptions $options = null): ImportResponse
    {
        $options ??= new ImportOptions();
        $upload = new Upload($rows, $options);

        return $this->one(new Call(
            'examples.import',
            'POST',
            self::path('/v1/tasks/{task}/examples', ['task' => $task]),
            $options->call,
            query: [
                'on_invalid' => $options->onInvalid === 'skip' ? 'skip' : null,
                'new_labels' => $options->newLabels === 'add' ? 'add' : null,
            ],
            pieces: $upload->pieces(...),
            repeatable: $upload->isRepeatable(),
            contentType: $options->contentType(),
            headers: $options->gzip ? ['content-encoding' => 'gzip'] : [],
            idempotent: true,
            task: $task,
            // The answer comes after the last byte, when all rows are stored.
            timeout: 300.0,
            total: INF,
        ), ImportResponse::fromArray(...));
    }

    /**
     * List or search examples, oldest first.
     *
     * @param array{label?: string, conflicts?: string, source?: string, q?: string}|ExampleFilter $filter
     *
     * @return Listing<Example>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(string $task, array|ExampleFilter $filter = [], ?PageOptions $page = null): Listing
    {
        $filter = Request::query($filter);
        $path = self::path('/v1/tasks/{task}/examples', ['task' => $task]);

        return $this->listing('examples.list', $path, $filter, $page, Example::fromArray(...), task: $task);
    }

    /**
     * How many, by label and by where the label comes from.
     *
     * @throws UnderstudyException
     */
    public function stats(string $task, ?CallOptions $options = null): ExampleStats
    {
        return $this->one(new Call(
            'examples.stats',
            'GET',
            self::path('/v1/tasks/{task}/examples/stats', ['task' => $task]),
            $options,
            task: $task,
        ), ExampleStats::fromArray(...));
    }

    /**
     * Remove an example; dataset versions that hold it stay as they are.
     *
     * @throws UnderstudyException
     */
    public function delete(string $task, string $example, ?CallOptions $options = null): void
    {
        $this->nothing(new Call(
            'examples.delete',
            'DELETE',
            self::path('/v1/tasks/{task}/examples/{example}', ['task' => $task, 'example' => $example]),
            $options,
            task: $task,
        ));
    }
}
