"""JSON as the server takes it: UTF-8, no NaN, and what data frames hold written as plain values."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import json
import uuid
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel


def plain(value: Any) -> Any:
    """What JSON has no word for, as the nearest that it has."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    item = getattr(value, "item", None)  # a scalar of numpy
    if callable(item) and getattr(value, "ndim", None) == 0:
        return item()
    # The value stays out of the message: it may be somebody's personal data.
    raise TypeError(f"a {type(value).__name__} cannot be sent as JSON")


def dumps(value: Any) -> bytes:
    """One JSON value in UTF-8, without line breaks. Raises ValueError for NaN and infinities."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=plain)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:  # half of a surrogate pair has no UTF-8; its escape says what it is
        return json.dumps(value, allow_nan=False, separators=(",", ":"), default=plain).encode("ascii")
