<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\DeadLetter;
use Understudy\Client\Data\DeadLetterReplay;
use Understudy\Client\Data\DeadLetterSummary;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;

/** What could not be done, kept until somebody replays or discards it. */
final class DeadLetters extends Resource
{
    /**
     * @param array{kind?: string, task?: string, origin?: string, state?: string} $filter
     *
     * @return Listing<DeadLetterSummary>
     */
    public function list(array $filter = [], ?PageOptions $page = null): Listing
    {
        return $this->listing(
            'dead_letters.list',
            '/v1/dead-letters',
            $filter,
            $page,
            DeadLetterSummary::fromArray(...),
        );
    }

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
     * @param array<string, mixed> $request
     */
    public function replay(array $request, ?CallOptions $options = null): DeadLetterReplay
    {
        return $this->one(new Call(
            'dead_letters.replay',
            'POST',
            '/v1/dead-letters/replay',
            $options,
            json: $request,
            idempotent: true,
        ), DeadLetterReplay::fromArray(...));
    }

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
