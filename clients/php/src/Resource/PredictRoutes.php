<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\PredictRoute;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\PredictRouteRequest;
use Understudy\Client\Request\Request;
use Understudy\Client\Versioned;

/** Routes that answer in the shape of another service, by template. */
final class PredictRoutes extends Resource
{
    /**
     * Answer somebody else’s request shape under /compat/.
     *
     * @param array<string, mixed>|PredictRouteRequest $definition
     *
     * @throws UnderstudyException
     */
    public function put(
        string $route,
        array|PredictRouteRequest $definition,
        ?string $ifMatch = null,
        bool $createOnly = false,
        ?CallOptions $options = null,
    ): PredictRoute {
        $definition = Request::fields($definition);

        return $this->one(new Call(
            'predict_routes.put',
            'PUT',
            self::path('/v1/predict-routes/{route}', ['route' => $route]),
            $options,
            json: $definition,
            headers: self::condition($ifMatch, $createOnly),
        ), PredictRoute::fromArray(...));
    }

    /**
     * A predict route.
     *
     * @throws UnderstudyException
     */
    public function get(string $route, ?CallOptions $options = null): PredictRoute
    {
        return $this->one(new Call(
            'predict_routes.get',
            'GET',
            self::path('/v1/predict-routes/{route}', ['route' => $route]),
            $options,
        ), PredictRoute::fromArray(...));
    }

    /**
     * With its version, for put() and delete().
     *
     * @return Versioned<PredictRoute>
     *
     * @throws UnderstudyException
     */
    public function getWithEtag(string $route, ?CallOptions $options = null): Versioned
    {
        return $this->versioned(new Call(
            'predict_routes.get',
            'GET',
            self::path('/v1/predict-routes/{route}', ['route' => $route]),
            $options,
        ), PredictRoute::fromArray(...));
    }

    /**
     * List predict routes.
     *
     * @return Listing<PredictRoute>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(?PageOptions $page = null): Listing
    {
        return $this->listing('predict_routes.list', '/v1/predict-routes', [], $page, PredictRoute::fromArray(...));
    }

    /**
     * Answer there no more.
     *
     * @throws UnderstudyException
     */
    public function delete(string $route, ?string $ifMatch = null, ?CallOptions $options = null): void
    {
        $this->nothing(new Call(
            'predict_routes.delete',
            'DELETE',
            self::path('/v1/predict-routes/{route}', ['route' => $route]),
            $options,
            headers: self::condition($ifMatch),
        ));
    }
}
