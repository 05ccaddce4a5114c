"""Items to be decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, Union

from .models import Decision

ItemT = TypeVar("ItemT")

#: A text, or `{"input": {…}, "external_id": …}`.
Item = Union[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Decided(Generic[ItemT]):
    """An item of yours and what was decided about it."""

    item: ItemT
    decision: Decision


def item_of(item: Item) -> Mapping[str, Any]:
    if isinstance(item, str):
        return {"input": {"text": item}}
    if not isinstance(item, Mapping) or "input" not in item:
        raise TypeError("an item is a text, or a mapping with its `input`")
    return item
