"""Checks webhooks of Understudy (Standard Webhooks 1.0). Python 3.8 and later, no packages."""

import base64
import binascii
import hashlib
import hmac
import json
import re
import time


class InvalidWebhook(Exception):
    """Not from the server that has the secret, or not from now: answer 400 and do nothing else."""


def verify_webhook(body, headers, secrets, tolerance=300, now=None):
    """Returns the event of a webhook.

    body: the bytes as they came; headers: a mapping with names in lower case, or one that ignores case;
    secrets: "whsec_…", or several while you change over. Keep the event's "id": it can come twice.
    """
    if isinstance(secrets, str):
        secrets = [secrets]
    values = [headers.get(name) for name in ("webhook-id", "webhook-timestamp", "webhook-signature")]
    if not all(isinstance(value, str) and value for value in values):
        raise InvalidWebhook("a webhook- header is missing")
    webhook_id, timestamp, signatures = values
    now = time.time() if now is None else now
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(now - int(timestamp)) > tolerance:
        raise InvalidWebhook("it was not sent just now")
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    valid = False
    for secret in secrets:
        try:
            key = base64.b64decode(secret[6:], validate=True) if secret.startswith("whsec_") else b""
        except binascii.Error:
            key = b""
        if len(key) < 24:
            raise ValueError("a webhook secret is whsec_ and base64")
        expected = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
        for signature in signatures.split(" "):
            # Whole signatures, in constant time; no early exit.
            valid = hmac.compare_digest(expected, signature.encode("utf-8", "replace")) or valid
    if not valid:
        raise InvalidWebhook("no signature is one under this secret")
    try:
        event = json.loads(body)
    except ValueError as error:
        raise InvalidWebhook("the body is not JSON") from error
    if not isinstance(event, dict) or event.get("id") != webhook_id:
        raise InvalidWebhook("the body is not the event that webhook-id names")
    return event
