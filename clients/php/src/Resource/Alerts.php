<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Alert;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;

/** What the watch over quality found. */
final class Alerts extends Resource
{
    /**
     * @param array{task?: string, open?: bool} $filter
     *
     * @return Listing<Alert>
     */
    public function list(array $filter = [], ?PageOptions $page = null): Listing
    {
        return $this->listing('alerts.list', '/v1/alerts', $filter, $page, Alert::fromArray(...));
    }

    public function get(string $id, ?CallOptions $options = null): Alert
    {
        return $this->one(new Call(
            'alerts.get',
            'GET',
            self::path('/v1/alerts/{id}', ['id' => $id]),
            $options,
        ), Alert::fromArray(...));
    }

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
