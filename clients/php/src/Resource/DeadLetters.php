<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\DeadLetter;
use Understudy\Client\Data\DeadLetterReplay;
use Understudy\Client\Data\DeadLetterSummary;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\DeadLetterFilter;
use Understudy\Client\Request\DeadLetterReplayRequest;
use Understudy\Client\Request\Request;

/** What could not be done, kept until somebody replays or discards it. */
final class DeadLetters extends Resource
{
    /**
     * List what was given up, newest first.
     *
     * @param array{kind?: string, task?: string, origin?: string, state?: string}|DeadLetterFilter $filter
     *
     * @return Listing<DeadLetterSummary>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(array|DeadLetterFilter $filter = [], ?PageOptions $page = null): Listing
    {
        $filter = Request::query($filter);

        return $this->listing(
            'dead_letters.list',
            '/v1/dead-letters',
            $filter,
            $page,
            DeadLetterSummary::fromArray(...),
        );
    }

    /**
     * Read a letter with its original bytes.
     *
     * @throws UnderstudyException
     */
    public function get(string $id, ?CallOptions $options = null): DeadLetter
    {
        return $this->one(new Call(
            'dead_letters.get',
            'GET',
            self::path('/v1/dead-letters/{id}', ['id' => $id]),
            $options,
        ), DeadLetter::fromArray(...));
    }

    /**
     * `$request`: `ids` or `filter`, and `edits`.
     *
     * @param array<string, mixed>|DeadLetterReplayRequest $request
     *
     * @throws UnderstudyException
     */
    public function replay(array|DeadLetterReplayRequest $request, ?CallOptions $options = null): DeadLetterReplay
    {
        $request = Request::fields($request);

        return $this->one(new Call(
            'dead_letters.replay',
            'POST',
            '/v1/dead-letters/replay',
            $options,
            json: $request,
            idempotent: true,
        ), DeadLetterReplay::fromArray(...));
    }

    /**
     * Give a letter up for good.
     *
     * @throws UnderstudyException
     */
    public function discard(string $id, ?string $reason = null, ?CallOptions $options = null): DeadLetterSummary
    {
        return $this->one(new Call(
            'dead_letters.discard',
            'POST',
            self::path('/v1/dead-letters/{id}/discard', ['id' => $id]),
            $options,
            json: self::present(['reason' => $reason]),
            idempotent: true,
        ), DeadLetterSummary::fromArray(...));
    }
}
