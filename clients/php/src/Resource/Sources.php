<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Source;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\Request;
use Understudy\Client\Request\SourceRequest;
use Understudy\Client\Versioned;

/** Items taken from the application's own broker. */
final class Sources extends Resource
{
    /**
     * Take items from a topic, queue or POST /v1/events.
     *
     * @param array<string, mixed>|SourceRequest $definition
     *
     * @throws UnderstudyException
     */
    public function put(
        string $source,
        array|SourceRequest $definition,
        ?string $ifMatch = null,
        bool $createOnly = false,
        ?CallOptions $options = null,
    ): Source {
        $definition = Request::fields($definition);

        return $this->one(new Call(
            'sources.put',
            'PUT',
            self::path('/v1/sources/{source}', ['source' => $source]),
            $options,
            json: $definition,
            headers: self::condition($ifMatch, $createOnly),
        ), Source::fromArray(...));
    }

    /**
     * A source, how it fares and what it has done.
     *
     * @throws UnderstudyException
     */
    public function get(string $source, ?CallOptions $options = null): Source
    {
        return $this->one(new Call(
            'sources.get',
            'GET',
            self::path('/v1/sources/{source}', ['source' => $source]),
            $options,
        ), Source::fromArray(...));
    }

    /**
     * With its version, for put() and delete().
     *
     * @return Versioned<Source>
     *
     * @throws UnderstudyException
     */
    public function getWithEtag(string $source, ?CallOptions $options = null): Versioned
    {
        return $this->versioned(new Call(
            'sources.get',
            'GET',
            self::path('/v1/sources/{source}', ['source' => $source]),
            $options,
        ), Source::fromArray(...));
    }

    /**
     * List sources.
     *
     * @return Listing<Source>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(?PageOptions $page = null): Listing
    {
        return $this->listing('sources.list', '/v1/sources', [], $page, Source::fromArray(...));
    }

    /**
     * Take no more items; what waits in the broker stays there.
     *
     * @throws UnderstudyException
     */
    public function delete(string $source, ?string $ifMatch = null, ?CallOptions $options = null): void
    {
        $this->nothing(new Call(
            'sources.delete',
            'DELETE',
            self::path('/v1/sources/{source}', ['source' => $source]),
            $options,
            headers: self::condition($ifMatch),
        ));
    }

    /**
     * Take no items for now.
     *
     * @throws UnderstudyException
     */
    public function pause(string $source, ?CallOptions $options = null): Source
    {
        return $this->one(new Call(
            'sources.pause',
            'POST',
            self::path('/v1/sources/{source}/pause', ['source' => $source]),
            $options,
        ), Source::fromArray(...));
    }

    /**
     * Take items again.
     *
     * @throws UnderstudyException
     */
    public function resume(string $source, ?CallOptions $options = null): Source
    {
        return $this->one(new Call(
            'sources.resume',
            'POST',
            self::path('/v1/sources/{source}/resume', ['source' => $source]),
            $options,
        ), Source::fromArray(...));
    }
}
