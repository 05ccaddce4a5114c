# Derived from understudy._async by scripts/derive_sync.py.
"""Endpoints of the application that are told of events. `understudy.verify_webhook` checks what they get."""

from __future__ import annotations

from typing import Literal, Optional

from typing_extensions import Unpack

from ... import models
from ..._call import Call, CallOptions, ChangeOptions, IdempotentOptions, PageOptions, path
from ...requests import WebhookChange, WebhookRequest
from ..pagination import List
from ..transport import Transport


class Webhooks:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, **options: Unpack[PageOptions]) -> List[models.Webhook]:
        """Newest first."""
        return List(self._transport, models.Webhook, Call("GET", path("webhooks"), **options))

    def get(self, id: str, **options: Unpack[CallOptions]) -> models.Webhook:
        return self._transport.json(models.Webhook, Call("GET", path("webhooks", id), **options))

    def create(self, webhook: WebhookRequest, **options: Unpack[IdempotentOptions]) -> models.NewWebhook:
        """The answer holds the secret, this once."""
        call = Call("POST", path("webhooks"), json=webhook, idempotent=True, **options)
        return self._transport.json(models.NewWebhook, call)

    def change(self, id: str, change: WebhookChange, **options: Unpack[ChangeOptions]) -> models.Webhook:
        """What is absent stays as it is."""
        return self._transport.json(models.Webhook, Call("PATCH", path("webhooks", id), json=change, **options))

    def remove(self, id: str, **options: Unpack[ChangeOptions]) -> None:
        """With the log of its deliveries."""
        self._transport.nothing(Call("DELETE", path("webhooks", id), **options))

    def rotate_secret(self, id: str, **options: Unpack[IdempotentOptions]) -> models.NewWebhook:
        """A new secret, told this once. The one before it signs beside it for 24 hours."""
        return self._transport.json(models.NewWebhook, _post("webhooks", id, "rotate-secret", **options))

    def enable(self, id: str, **options: Unpack[IdempotentOptions]) -> models.Webhook:
        """Forgets its failures, and sends what still waits."""
        return self._transport.json(models.Webhook, _post("webhooks", id, "enable", **options))

    def disable(self, id: str, **options: Unpack[IdempotentOptions]) -> models.Webhook:
        return self._transport.json(models.Webhook, _post("webhooks", id, "disable", **options))

    def test(self, id: str, **options: Unpack[IdempotentOptions]) -> models.WebhookDelivery:
        """Sends an event of type `understudy.test`."""
        return self._transport.json(models.WebhookDelivery, _post("webhooks", id, "test", **options))

    def deliveries(
        self,
        id: str,
        *,
        status: Optional[Literal["waiting", "delivered", "failed"]] = None,
        type: Optional[str] = None,
        event: Optional[str] = None,
        subject: Optional[str] = None,
        **options: Unpack[PageOptions],
    ) -> List[models.WebhookDelivery]:
        """The log, newest first."""
        query = {"status": status, "type": type, "event": event, "subject": subject}
        call = Call("GET", path("webhooks", id, "deliveries"), query=query, **options)
        return List(self._transport, models.WebhookDelivery, call)

    def delivery(self, id: str, delivery: str, **options: Unpack[CallOptions]) -> models.WebhookDeliveryDetail:
        """A delivery with its body and every attempt."""
        call = Call("GET", path("webhooks", id, "deliveries", delivery), **options)
        return self._transport.json(models.WebhookDeliveryDetail, call)

    def redeliver(self, id: str, delivery: str, **options: Unpack[IdempotentOptions]) -> models.WebhookDelivery:
        """Sends it again, now and for three more days if need be."""
        call = _post("webhooks", id, "deliveries", delivery, "redeliver", **options)
        return self._transport.json(models.WebhookDelivery, call)

    def rotate_callback_secret(self, **options: Unpack[IdempotentOptions]) -> models.CallbackSecret:
        """A new secret for the callbacks of jobs, told this once. The one before it signs beside it for 24 hours."""
        return self._transport.json(models.CallbackSecret, _post("webhooks", "callback-secret", "rotate", **options))

    def callback_deliveries(
        self,
        *,
        status: Optional[Literal["waiting", "delivered", "failed"]] = None,
        type: Optional[str] = None,
        event: Optional[str] = None,
        subject: Optional[str] = None,
        **options: Unpack[PageOptions],
    ) -> List[models.WebhookDelivery]:
        """The log of the callbacks of jobs."""
        return self.deliveries("callbacks", status=status, type=type, event=event, subject=subject, **options)

    def callback_delivery(self, delivery: str, **options: Unpack[CallOptions]) -> models.WebhookDeliveryDetail:
        return self.delivery("callbacks", delivery, **options)

    def redeliver_callback(self, delivery: str, **options: Unpack[IdempotentOptions]) -> models.WebhookDelivery:
        return self.redeliver("callbacks", delivery, **options)


def _post(*segments: str, **options: Unpack[IdempotentOptions]) -> Call:
    return Call("POST", path(*segments), idempotent=True, **options)
