<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Alert;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\AlertFilter;
use Understudy\Client\Request\Request;

/** What the watch over quality found. */
final class Alerts extends Resource
{
    /**
     * List alerts, newest first.
     *
     * @param array{task?: string, open?: bool}|AlertFilter $filter
     *
     * @return Listing<Alert>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(array|AlertFilter $filter = [], ?PageOptions $page = null): Listing
    {
        $filter = Request::query($filter);

        return $this->listing('alerts.list', '/v1/alerts', $filter, $page, Alert::fromArray(...));
    }

    /**
     * Read an alert.
     *
     * @throws UnderstudyException
     */
    public function get(string $id, ?CallOptions $options = null): Alert
    {
        return $this->one(new Call(
            'alerts.get',
            'GET',
            self::path('/v1/alerts/{id}', ['id' => $id]),
            $options,
        ), Alert::fromArray(...));
    }

    /**
     * Say that an alert was seen.
     *
     * @throws UnderstudyException
     */
    public function acknowledge(string $id, ?string $note = null, ?CallOptions $options = null): Alert
    {
        return $this->one(new Call(
            'alerts.acknowledge',
            'POST',
            self::path('/v1/alerts/{id}/acknowledge', ['id' => $id]),
            $options,
            json: self::present(['note' => $note]),
            idempotent: true,
        ), Alert::fromArray(...));
    }
}
