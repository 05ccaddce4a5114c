<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\CallbackSecret;
use Understudy\Client\Data\NewWebhook;
use Understudy\Client\Data\Webhook;
use Understudy\Client\Data\WebhookDelivery;
use Understudy\Client\Data\WebhookDeliveryDetail;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\DeliveryFilter;
use Understudy\Client\Request\Request;
use Understudy\Client\Request\WebhookChange;
use Understudy\Client\Request\WebhookRequest;
use Understudy\Client\Versioned;

/** Webhooks, their deliveries and secrets. */
final class Webhooks extends Resource
{
    /**
     * List the webhooks, newest first.
     *
     * @return Listing<Webhook>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(?PageOptions $page = null): Listing
    {
        return $this->listing('webhooks.list', '/v1/webhooks', [], $page, Webhook::fromArray(...));
    }

    /**
     * Read a webhook.
     *
     * @throws UnderstudyException
     */
    public function get(string $id, ?CallOptions $options = null): Webhook
    {
        return $this->one(new Call(
            'webhooks.get',
            'GET',
            self::path('/v1/webhooks/{id}', ['id' => $id]),
            $options,
        ), Webhook::fromArray(...));
    }

    /**
     * With its version, for change() and remove().
     *
     * @return Versioned<Webhook>
     *
     * @throws UnderstudyException
     */
    public function getWithEtag(string $id, ?CallOptions $options = null): Versioned
    {
        return $this->versioned(new Call(
            'webhooks.get',
            'GET',
            self::path('/v1/webhooks/{id}', ['id' => $id]),
            $options,
        ), Webhook::fromArray(...));
    }

    /**
     * The answer holds the secret, this once.
     *
     * @param array<string, mixed>|WebhookRequest $webhook
     *
     * @throws UnderstudyException
     */
    public function create(array|WebhookRequest $webhook, ?CallOptions $options = null): NewWebhook
    {
        $webhook = Request::fields($webhook);

        return $this->one(new Call(
            'webhooks.create',
            'POST',
            '/v1/webhooks',
            $options,
            json: $webhook,
            idempotent: true,
        ), NewWebhook::fromArray(...));
    }

    /**
     * Change where it goes and what it is told.
     *
     * @param array<string, mixed>|WebhookChange $change
     *
     * @throws UnderstudyException
     */
    public function change(
        string $id,
        array|WebhookChange $change,
        ?string $ifMatch = null,
        ?CallOptions $options = null,
    ): Webhook {
        $change = Request::fields($change);

        return $this->one(new Call(
            'webhooks.change',
            'PATCH',
            self::path('/v1/webhooks/{id}', ['id' => $id]),
            $options,
            json: $change,
            headers: self::condition($ifMatch),
        ), Webhook::fromArray(...));
    }

    /**
     * Delete a webhook and its log.
     *
     * @throws UnderstudyException
     */
    public function remove(string $id, ?string $ifMatch = null, ?CallOptions $options = null): void
    {
        $this->nothing(new Call(
            'webhooks.remove',
            'DELETE',
            self::path('/v1/webhooks/{id}', ['id' => $id]),
            $options,
            headers: self::condition($ifMatch),
        ));
    }

    /**
     * Both secrets sign for a while: verify with both.
     *
     * @throws UnderstudyException
     */
    public function rotateSecret(string $id, ?CallOptions $options = null): NewWebhook
    {
        return $this->one(new Call(
            'webhooks.rotate_secret',
            'POST',
            self::path('/v1/webhooks/{id}/rotate-secret', ['id' => $id]),
            $options,
            idempotent: true,
        ), NewWebhook::fromArray(...));
    }

    /**
     * Send again what waits, and what happens from now on.
     *
     * @throws UnderstudyException
     */
    public function enable(string $id, ?CallOptions $options = null): Webhook
    {
        return $this->one(new Call(
            'webhooks.enable',
            'POST',
            self::path('/v1/webhooks/{id}/enable', ['id' => $id]),
            $options,
            idempotent: true,
        ), Webhook::fromArray(...));
    }

    /**
     * Send nothing.
     *
     * @throws UnderstudyException
     */
    public function disable(string $id, ?CallOptions $options = null): Webhook
    {
        return $this->one(new Call(
            'webhooks.disable',
            'POST',
            self::path('/v1/webhooks/{id}/disable', ['id' => $id]),
            $options,
            idempotent: true,
        ), Webhook::fromArray(...));
    }

    /**
     * Sends a test event.
     *
     * @throws UnderstudyException
     */
    public function test(string $id, ?CallOptions $options = null): WebhookDelivery
    {
        return $this->one(new Call(
            'webhooks.test',
            'POST',
            self::path('/v1/webhooks/{id}/test', ['id' => $id]),
            $options,
            idempotent: true,
        ), WebhookDelivery::fromArray(...));
    }

    /**
     * The log of deliveries of a webhook, newest first.
     *
     * @param array{status?: string, type?: string, event?: string, subject?: string}|DeliveryFilter $filter
     *
     * @return Listing<WebhookDelivery>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function deliveries(string $id, array|DeliveryFilter $filter = [], ?PageOptions $page = null): Listing
    {
        $filter = Request::query($filter);

        return $this->listing(
            'webhooks.deliveries',
            self::path('/v1/webhooks/{id}/deliveries', ['id' => $id]),
            $filter,
            $page,
            WebhookDelivery::fromArray(...),
        );
    }

    /**
     * A delivery of a webhook, with every attempt.
     *
     * @throws UnderstudyException
     */
    public function delivery(string $id, string $delivery, ?CallOptions $options = null): WebhookDeliveryDetail
    {
        return $this->one(new Call(
            'webhooks.delivery',
            'GET',
            self::path('/v1/webhooks/{id}/deliveries/{delivery}', ['id' => $id, 'delivery' => $delivery]),
            $options,
        ), WebhookDeliveryDetail::fromArray(...));
    }

    /**
     * Send a delivery of a webhook again.
     *
     * @throws UnderstudyException
     */
    public function redeliver(string $id, string $delivery, ?CallOptions $options = null): WebhookDelivery
    {
        return $this->one(new Call(
            'webhooks.redeliver',
            'POST',
            self::path('/v1/webhooks/{id}/deliveries/{delivery}/redeliver', ['id' => $id, 'delivery' => $delivery]),
            $options,
            idempotent: true,
        ), WebhookDelivery::fromArray(...));
    }

    /**
     * What the callbacks of jobs are signed with.
     *
     * @throws UnderstudyException
     */
    public function rotateCallbackSecret(?CallOptions $options = null): CallbackSecret
    {
        return $this->one(new Call(
            'webhooks.rotate_callback_secret',
            'POST',
            '/v1/webhooks/callback-secret/rotate',
            $options,
            idempotent: true,
        ), CallbackSecret::fromArray(...));
    }

    /**
     * Of the callbacks of jobs.
     *
     * @param array{status?: string, type?: string, event?: string, subject?: string}|DeliveryFilter $filter
     *
     * @return Listing<WebhookDelivery>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function callbackDeliveries(array|DeliveryFilter $filter = [], ?PageOptions $page = null): Listing
    {
        $filter = Request::query($filter);

        return $this->listing(
            'webhooks.callback_deliveries',
            '/v1/webhooks/callbacks/deliveries',
            $filter,
            $page,
            WebhookDelivery::fromArray(...),
        );
    }

    /**
     * A delivery of callbacks, with every attempt.
     *
     * @throws UnderstudyException
     */
    public function callbackDelivery(string $delivery, ?CallOptions $options = null): WebhookDeliveryDetail
    {
        return $this->one(new Call(
            'webhooks.callback_delivery',
            'GET',
            self::path('/v1/webhooks/callbacks/deliveries/{delivery}', ['delivery' => $delivery]),
            $options,
        ), WebhookDeliveryDetail::fromArray(...));
    }

    /**
     * Send a delivery of callbacks again.
     *
     * @throws UnderstudyException
     */
    public function redeliverCallback(string $delivery, ?CallOptions $options = null): WebhookDelivery
    {
        return $this->one(new Call(
            'webhooks.redeliver_callback',
            'POST',
            self::path('/v1/webhooks/callbacks/deliveries/{delivery}/redeliver', ['delivery' => $delivery]),
            $options,
            idempotent: true,
        ), WebhookDelivery::fromArray(...));
    }
}
