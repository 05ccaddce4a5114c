"""Data frames of pandas in and out. Needs `pip install understudy[pandas]`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

from ._async.client import AsyncUnderstudy
from ._frames import rows_of
from ._items import Decided
from ._sync.client import Understudy
from .models import Decision, DecisionDetail, DecisionSummary

if TYPE_CHECKING:
    import pandas

__all__ = ["COLUMNS", "decisions_frame", "example_rows", "predict_frame", "predict_frame_async"]

#: What is known of a decision, a column each.
COLUMNS = (
    "decision",
    "outcome",
    "label",
    "suggestion",
    "confidence",
    "threshold",
    "reason",
    "rung",
    "model",
    "version",
    "external_id",
    "created_at",
    "cost",
    "currency",
)

AnyDecision = Union[Decision, DecisionSummary, DecisionDetail, "Decided[Any]"]


def example_rows(
    frame: pandas.DataFrame,
    *,
    text: str = "text",
    label: str = "label",
    external_id: Optional[str] = None,
    subject: Optional[str] = None,
    occurred_at: Optional[str] = None,
    attributes: Sequence[str] = (),
) -> Iterator[dict[str, Any]]:
    """
    The rows of a frame as examples, one by one, for `client.examples.import_`. Names are those of columns; missing
    values are left out. Raises KeyError for a column that the frame has not.
    """
    return rows_of(
        frame,
        text=text,
        label=label,
        external_id=external_id,
        subject=subject,
        occurred_at=occurred_at,
        attributes=attributes,
    )


def predict_frame(
    client: Understudy,
    task: str,
    frame: pandas.DataFrame,
    *,
    text: str = "text",
    external_id: Optional[str] = None,
    subject: Optional[str] = None,
    attributes: Sequence[str] = (),
    batch_size: int = 200,
    concurrency: int = 4,
) -> pandas.DataFrame:
    """
    Decides every row, in batches, a few at a time; the decisions as a frame with the same index, to be joined:

        frame.join(predict_frame(client, "comment-moderation", frame, text="body").add_prefix("decided_"))

    A row that a person has to decide has no `label`. Raises KeyError for a column that the frame has not.
    """
    rows = _items(frame, text, external_id, subject, attributes)
    decided = client.predict_many(task, rows, batch_size=batch_size, concurrency=concurrency)
    return _framed([_row(each.decision) for each in decided], frame.index)


async def predict_frame_async(
    client: AsyncUnderstudy,
    task: str,
    frame: pandas.DataFrame,
    *,
    text: str = "text",
    external_id: Optional[str] = None,
    subject: Optional[str] = None,
    attributes: Sequence[str] = (),
    batch_size: int = 200,
    concurrency: int = 4,
) -> pandas.DataFrame:
    """The same as `predict_frame`, without blocking."""
    rows = _items(frame, text, external_id, subject, attributes)
    decided = client.predict_many(task, rows, batch_size=batch_size, concurrency=concurrency)
    return _framed([_row(each.decision) async for each in decided], frame.index)


def decisions_frame(decisions: Iterable[AnyDecision]) -> pandas.DataFrame:
    """Decisions as a frame, in order: those of `predict_batch`, `predict_many` or `decisions.list`."""
    return _framed([_row(each.decision if isinstance(each, Decided) else each) for each in decisions], None)


def _items(
    frame: pandas.DataFrame,
    text: str,
    external_id: Optional[str],
    subject: Optional[str],
    attributes: Sequence[str],
) -> Iterator[dict[str, Any]]:
    for row in rows_of(frame, text=text, external_id=external_id, subject=subject, attributes=attributes):
        # Of an example, and columns that happen to have a name that the API knows were not asked for.
        known = {"external_id": external_id, "subject": subject, "label": None, "occurred_at": None}
        yield {name: value for name, value in row.items() if known.get(name, "") is not None}


def _row(decision: Any) -> dict[str, Any]:
    def of(name: str, inner: Optional[str] = None) -> Any:
        value = getattr(decision, name, None)
        return value if inner is None or value is None else getattr(value, inner, None)

    return {
        "decision": of("id"),
        "outcome": of("outcome"),
        "label": of("label"),
        "suggestion": of("suggestion", "label"),
        "confidence": of("confidence"),
        "threshold": of("threshold"),
        "reason": of("review", "reason"),
        "rung": of("decided_by", "rung"),
        "model": of("decided_by", "model"),
        "version": of("decided_by", "version"),
        "external_id": of("external_id"),
        "created_at": of("created_at"),
        "cost": of("cost", "amount"),
        "currency": of("cost", "currency"),
    }


def _framed(rows: list[dict[str, Any]], index: Any) -> pandas.DataFrame:
    import pandas

    return pandas.DataFrame(rows, columns=list(COLUMNS), index=index)
