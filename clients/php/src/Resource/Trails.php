<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Trail;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;

/** The way of an item through everything it passed. */
final class Trails extends Resource
{
    /**
     * By any id of it.
     *
     * @throws UnderstudyException
     */
    public function get(string $id, ?CallOptions $options = null): Trail
    {
        return $this->one(new Call(
            'trails.get',
            'GET',
            '/v1/trail',
            $options,
            query: ['id' => $id],
        ), Trail::fromArray(...));
    }
}
