<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Source;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Versioned;

/** Items taken from the application's own broker. */
final class Sources extends Resource
{
    /** @param array<string, mixed> $definition */
    public function put(
        string $source,
        array $definition,
        ?string $ifMatch = null,
        bool $createOnly = false,
        ?CallOptions $options = null,
    ): Source {
        return $this->one(new Call(
            'sources.put',
            'PUT',
            self::path('/v1/sources/{source}', ['source' => $source]),
            $options,
            json: $definition,
            headers: self::condition($ifMatch, $createOnly),
        ), Source::fromArray(...));
    }

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

    /** @return Listing<Source> */
    public function list(?PageOptions $page = null): Listing
    {
        return $this->listing('sources.list', '/v1/sources', [], $page, Source::fromArray(...));
    }

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

    public function pause(string $source, ?CallOptions $options = null): Source
    {
        return $this->one(new Call(
            'sources.pause',
            'POST',
            self::path('/v1/sources/{source}/pause', ['source' => $source]),
            $options,
        ), Source::fromArray(...));
    }

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
