"""Checks what arrives at an endpoint of yours. Needs no client and no key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import math
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

from .models import Event

__all__ = ["InvalidSecret", "InvalidWebhook", "verify_webhook"]


class InvalidWebhook(Exception):
    """What arrived is not from the server that has the secret, or not from now. Answer 400 or 401, do nothing else."""


class InvalidSecret(ValueError):
    """A secret that was given is none. Its text is not in this."""


_SECRET = re.compile(r"whsec_([A-Za-z0-9+/]+={0,2})")
_SECONDS = re.compile(r"[0-9]{1,12}")


def verify_webhook(
    secret: Union[str, Sequence[str]],
    body: Union[bytes, bytearray, memoryview, str],
    headers: Mapping[str, Any],
    *,
    tolerance: float = 300.0,
    now: Optional[float] = None,
) -> Event:
    """
    Checks a webhook or callback as Standard Webhooks 1.0 says and returns its event. Deliveries can come twice: keep the
    event's `id` (it is also the header `webhook-id`) with what you do about it.

    :param secret: `whsec_…`, or several while you change over from one to the next.
    :param body: as it came; nothing may have parsed and printed it again.
    :param headers: a mapping of any case, those of Django, Flask, Starlette, WSGI (`HTTP_WEBHOOK_ID`) or ASGI included.
    :param tolerance: seconds that the time of sending may lie from now, both ways.
    :param now: seconds since the epoch; for tests.
    :raises InvalidWebhook: it must not be believed.
    :raises InvalidSecret: a secret given is none: a mistake of yours, not of the sender.
    """
    if not (math.isfinite(tolerance) and tolerance >= 0):
        raise ValueError("tolerance is a number of seconds")
    secrets = [secret] if isinstance(secret, str) else list(secret)
    if not secrets:
        raise InvalidSecret("no secret was given")
    keys = [_key_of(each) for each in secrets]
    found = _signature_headers(headers)
    identity = found["webhook-id"]
    timestamp = found["webhook-timestamp"]
    if not _SECONDS.fullmatch(timestamp):
        raise InvalidWebhook("webhook-timestamp is not in seconds")
    age = (time.time() if now is None else now) - int(timestamp)
    if abs(age) > tolerance:
        raise InvalidWebhook(f"it was sent {round(age)} s ago; at most {tolerance:g} s are accepted")
    payload = body.encode("utf-8") if isinstance(body, str) else bytes(body)
    try:
        signed = f"{identity}.{timestamp}.".encode("latin-1") + payload
    except UnicodeEncodeError:
        raise InvalidWebhook("webhook-id holds what no header can") from None
    signatures = [bytes_ for bytes_ in map(_signature, found["webhook-signature"].split(" ")) if bytes_ is not None]
    for key in keys:
        expected = hmac.new(key, signed, hashlib.sha256).digest()
        for signature in signatures:
            if hmac.compare_digest(expected, signature):
                return _event(payload, identity)
    raise InvalidWebhook("no signature in webhook-signature is one under this secret")


def _key_of(secret: str) -> bytes:
    match = _SECRET.fullmatch(secret)
    try:
        key = base64.b64decode(match.group(1), validate=True) if match else b""
    except (binascii.Error, ValueError):
        key = b""
    if len(key) < 24:
        raise InvalidSecret("a webhook secret is whsec_ and base64")  # without the secret: this text is logged
    return key


def _signature_headers(headers: Mapping[str, Any]) -> dict[str, str]:
    wanted = ("webhook-id", "webhook-timestamp", "webhook-signature")
    found: dict[str, str] = {}
    for name, value in headers.items():
        plain = name.decode("latin-1") if isinstance(name, (bytes, bytearray)) else str(name)
        plain = plain.lower().replace("_", "-")
        plain = plain[5:] if plain.startswith("http-") else plain
        if plain not in wanted:
            continue
        text = value.decode("latin-1") if isinstance(value, (bytes, bytearray)) else value
        if not isinstance(text, str) or (plain in found and found[plain] != text):
            raise InvalidWebhook(f"the header {plain} is not one text")
        found[plain] = text
    for name in wanted:
        if found.get(name, "") == "":
            raise InvalidWebhook(f"the header {name} is missing")
    return found


def _signature(text: str) -> Optional[bytes]:
    """None for a signature of another version than ours."""
    if not text.startswith("v1,"):
        return None
    try:
        decoded = base64.b64decode(text[3:], validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded if len(decoded) == 32 else None


def _event(payload: bytes, identity: str) -> Event:
    try:
        event = json.loads(payload.decode("utf-8"))
    except (ValueError, RecursionError):
        raise InvalidWebhook("the body is not JSON") from None
    if not isinstance(event, dict) or event.get("id") != identity:
        raise InvalidWebhook("the body is not the event that webhook-id names")
    return Event.model_validate(event)
