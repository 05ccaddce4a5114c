"""When and how a call is repeated."""

from __future__ import annotations

import datetime
import email.utils
import re
from typing import Callable, Optional

BASE_SECONDS = 0.25
CAP_SECONDS = 8.0

_STATUS = frozenset({408, 429, 502, 503, 504})
#: Codes that the error catalogue marks as retryable and whose status alone does not say so.
_CODES = frozenset({"idempotency_key_in_flight", "internal_error"})


def is_retryable(status: int, code: str) -> bool:
    """Whether the same request may succeed later without being changed."""
    return status in _STATUS or code in _CODES


def retry_after_seconds(header: Optional[str], now: datetime.datetime) -> Optional[float]:
    """Seconds that a `Retry-After` asks for (RFC 9110, 10.2.3: delta or date); None when absent or malformed."""
    if header is None:
        return None
    value = header.strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        date = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=datetime.timezone.utc)
    return max(0.0, (date - now).total_seconds())


def backoff(repeat: int, retry_after: Optional[float], random: Callable[[], float]) -> float:
    """
    Seconds to wait before repeat number `repeat` (1, 2, …): full jitter over an exponential bound (Brooker, "Exponential
    Backoff and Jitter", 2015). What the server asked for is a floor, with jitter on top, so that a crowd that was told
    the same second does not come back as a crowd.
    """
    bound = min(CAP_SECONDS, BASE_SECONDS * 2.0 ** min(repeat - 1, 30))
    return (retry_after or 0.0) + random() * bound
