"""Data frames, recognised by their shape: nothing of pandas is imported before one is used."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Optional


def is_frame(value: Any) -> bool:
    return hasattr(value, "itertuples") and hasattr(value, "columns")


def is_missing(value: Any) -> bool:
    """None, NaN, NaT, or pandas' NA."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return type(value).__name__ in ("NAType", "NaTType")


def rows_of(
    frame: Any,
    *,
    text: Optional[str] = None,
    label: Optional[str] = None,
    external_id: Optional[str] = None,
    subject: Optional[str] = None,
    occurred_at: Optional[str] = None,
    attributes: Sequence[str] = (),
) -> Iterator[dict[str, Any]]:
    """
    One row after the other, in the shape of examples and items. Columns are by default those named `text`, `label`,
    `external_id`, `subject` and `occurred_at`, where they are there. Missing values are left out. Raises KeyError for a
    column that the frame has not.
    """
    columns = list(frame.columns)

    def position(name: Optional[str], default: str) -> Optional[int]:
        if name is None:
            return columns.index(default) if default in columns else None
        if name not in columns:
            raise KeyError(f"the data frame has no column {name!r}")
        return columns.index(name)

    text_at = position(text or "text", "text")
    facts = [
        (name, at)
        for name, at in (
            ("label", position(label, "label")),
            ("external_id", position(external_id, "external_id")),
            ("subject", position(subject, "subject")),
            ("occurred_at", position(occurred_at, "occurred_at")),
        )
        if at is not None
    ]
    others = [(name, position(name, name)) for name in attributes]
    for row in frame.itertuples(index=False, name=None):
        content = row[text_at]
        item: dict[str, Any] = {"input": {"text": "" if is_missing(content) else str(content)}}
        for name, at in facts:
            if not is_missing(row[at]):
                item[name] = row[at] if name == "occurred_at" else _written(row[at])
        kept = {str(name): row[at] for name, at in others if not is_missing(row[at])}
        if kept:
            item["attributes"] = kept
        yield item


def _written(value: Any) -> str:
    # Ids that pandas read as numbers, with a gap somewhere, come as 17.0.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
