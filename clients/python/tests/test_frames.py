from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from understudy.testing import FakeUnderstudy

if TYPE_CHECKING:
    import pandas
else:
    pandas = pytest.importorskip("pandas")

from understudy.frames import (
    COLUMNS,
    decisions_frame,
    example_rows,
    predict_frame,
    predict_frame_async,
)


def comments() -> pandas.DataFrame:
    return pandas.DataFrame(
        {
            "body": ["cheap watches", None, "hello"],
            "id": [17.0, 18.0, float("nan")],
            "language": ["en", None, "de"],
            "votes": [1, 2, 3],
            "label": ["spam", "ok", "ok"],
        },
        index=["a", "b", "c"],
    )


def test_predicts_a_column_and_keeps_the_index() -> None:
    fake = FakeUnderstudy().decides("t", lambda text: "spam" if "cheap" in text else None)
    with fake.client() as client:
        frame = comments()
        decided = predict_frame(
            client, "t", frame, text="body", external_id="id", attributes=["language", "votes"], batch_size=2
        )
    assert list(decided.index) == ["a", "b", "c"]
    assert list(decided.columns) == list(COLUMNS)
    assert decided.loc["a", "label"] == "spam"
    assert list(decided["outcome"]) == ["automated", "review", "review"]
    assert [each.item for each in fake.predicted] == [
        {"input": {"text": "cheap watches"}, "external_id": "17", "attributes": {"language": "en", "votes": 1}},
        {"input": {"text": ""}, "external_id": "18", "attributes": {"votes": 2}},
        {"input": {"text": "hello"}, "attributes": {"language": "de", "votes": 3}},
    ]
    assert frame.join(decided.add_prefix("decided_")).loc["a", "decided_label"] == "spam"


def test_predicts_without_blocking() -> None:
    fake = FakeUnderstudy().decides("t", "ok")

    async def run() -> pandas.DataFrame:
        async with fake.async_client() as client:
            return await predict_frame_async(client, "t", comments(), text="body")

    assert list(asyncio.run(run())["label"]) == ["ok", "ok", "ok"]
    assert "external_id" not in fake.predicted[0].item


def test_a_frame_without_rows() -> None:
    with FakeUnderstudy().client() as client:
        assert len(predict_frame(client, "t", comments().head(0), text="body")) == 0


def test_a_column_that_is_not_there() -> None:
    with FakeUnderstudy().client() as client, pytest.raises(KeyError, match="nobody"):
        predict_frame(client, "t", comments(), text="nobody")


def test_imports_a_frame() -> None:
    fake = FakeUnderstudy()
    frame = comments().rename(columns={"body": "text"})
    frame["occurred_at"] = pandas.Timestamp("2026-01-02T03:04:05Z")
    with fake.client() as client:
        client.examples.import_("t", frame)
        client.examples.import_("u", example_rows(comments(), text="body", external_id="id"))
    assert fake.imported["t"][0] == {
        "input": {"text": "cheap watches"},
        "label": "spam",
        "occurred_at": "2026-01-02T03:04:05+00:00",
    }
    assert fake.imported["u"][2] == {"input": {"text": "hello"}, "label": "ok"}


def test_decisions_as_a_frame() -> None:
    fake = FakeUnderstudy().decides("t", "ok")
    with fake.client() as client:
        frame = decisions_frame(client.predict_many("t", ["a", "b"]))
        assert list(frame["decision"]) == [each.decision["id"] for each in fake.predicted]
        assert len(decisions_frame(client.predict_batch("t", ["a"]))) == 1
    assert len(decisions_frame([])) == 0
