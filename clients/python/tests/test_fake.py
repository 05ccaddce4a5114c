from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from understudy import ConnectionFailed, InvalidWebhook, NotFound, ServerError, verify_webhook
from understudy._model import BaseAnswer
from understudy.testing import FakeUnderstudy, sign_webhook

SECRET = "whsec_" + "BQUF" * 10 + "BQU="


def test_decides_as_told() -> None:
    fake = FakeUnderstudy().decides("moderation", lambda text: "spam" if "cheap" in text else None)
    with fake.client() as client:
        assert client.predict("moderation", "cheap watches", external_id="c-1").label == "spam"
        assert client.predict("moderation", "hello").is_review
        batch = client.predict_batch("moderation", ["cheap", {"input": {"text": "dear"}}])
        assert [decision.label for decision in batch] == ["spam", None]
        assert client.decisions.get(batch[0].id).label == "spam"
        client.decisions.label(batch[1].id, "ok", source="application", note="n")
        with pytest.raises(NotFound):
            client.predict("other", "x")
        with pytest.raises(NotFound):
            client.decisions.get("dec_unknown")
    fake.assert_predicted("moderation", "cheap watches", times=1)
    fake.assert_predicted("moderation", times=4)
    assert fake.labelled == [(batch[1].id, {"label": "ok", "source": "application", "note": "n"})]
    wrong: Callable[[], None]
    for wrong in (
        lambda: fake.assert_predicted("moderation", "never"),
        lambda: fake.assert_predicted("moderation", times=3),
        fake.assert_nothing_predicted,
    ):
        with pytest.raises(AssertionError):
            wrong()
    FakeUnderstudy().assert_nothing_predicted()


def test_jobs_are_decided_at_once() -> None:
    fake = FakeUnderstudy().decides("t", "a")
    with fake.client() as client:
        one = client.jobs.create({"task": "t", "input": {"text": "x"}})
        decision = client.jobs.get(one.id).decision
        assert decision is not None
        assert decision.label == "a"
        many = client.jobs.create({"task": "t", "items": [{"input": {"text": "x"}}, {"input": {"text": "y"}}]})
        rows = client.jobs.decisions(many.id).to_list()
        assert [(row.position, row.decision.label if row.decision else None) for row in rows] == [(0, "a"), (1, "a")]


def test_fails_as_told() -> None:
    fake = FakeUnderstudy().decides("t", "a")
    with fake.client(max_retries=1) as client:
        fake.fails(503, times=1)
        assert client.predict("t", "x").label == "a"
        fake.fails(503)
        with pytest.raises(ServerError):
            client.predict("t", "x")
        fake.fails(None)
        with pytest.raises(ConnectionFailed):
            client.predict("t", "x")
        fake.works()
        assert client.predict("t", "x").label == "a"


def test_the_same_key_gets_the_same_decision() -> None:
    fake = FakeUnderstudy().decides("t", "a")
    with fake.client() as client:
        first = client.predict("t", "x", idempotency_key="one-and-only")
        assert client.predict("t", "x", idempotency_key="one-and-only").id == first.id
    fake.assert_predicted("t", times=1)


def test_what_it_does_not_know_fails_the_test() -> None:
    fake = FakeUnderstudy().answers("GET", "/v1/ledger/head", {"size": 3, "head": "abc"})
    with fake.client() as client:
        assert client.ledger.head().size == 3
        with pytest.raises(AssertionError, match="answers"):
            client.webhooks.get("whk_1")


def test_asynchronously() -> None:
    fake = FakeUnderstudy().decides("t", "a").fails(503, times=2)

    async def run() -> str | None:
        async with fake.async_client() as client:
            return (await client.predict("t", "x")).label

    assert asyncio.run(run()) == "a"


def test_what_it_answers_has_all_that_the_contract_promises(contract: dict[str, Any]) -> None:
    schemas = contract["components"]["schemas"]
    fake = FakeUnderstudy().decides("t", lambda text: text or None)
    with fake.client() as client:
        decided = client.predict("t", "a")
        answers: dict[str, list[BaseAnswer]] = {
            "Decision": [decided, client.predict("t", "")],
            "JobSummary": [client.jobs.create({"task": "t", "input": {"text": "a"}})],
            "DecisionLabel": [client.decisions.label(decided.id, "a", source="appeal")],
            "ImportResponse": [client.examples.import_("t", [{"input": {"text": "a"}, "label": "a"}])],
        }
    for name, found in answers.items():
        for answer in found:
            assert set(schemas[name]["required"]) <= set(answer.to_dict()), name
            assert set(answer.to_dict()) <= set(schemas[name]["properties"]), name


def test_signed_webhooks_are_believed() -> None:
    sent = sign_webhook(SECRET, "decision.made", {"id": "dec_1", "label": "ü"})
    event = verify_webhook([SECRET], sent.body, sent.headers)
    assert (event.type, event.data["label"], event.subject) == ("decision.made", "ü", "dec_1")
    shapes: list[dict[Any, Any]] = [
        {name.upper(): value for name, value in sent.headers.items()},
        {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sent.headers.items()},
        {name.encode(): value.encode() for name, value in sent.headers.items()},
    ]
    for headers in shapes:
        assert verify_webhook(SECRET, bytearray(sent.body), headers).id == event.id
    with pytest.raises(InvalidWebhook):
        verify_webhook(SECRET, sent.body + b" ", sent.headers)
    with pytest.raises(InvalidWebhook):
        verify_webhook(SECRET, sent.body, {**sent.headers, "Webhook-Id": "evt_other"})
    with pytest.raises(ValueError):
        verify_webhook([], sent.body, sent.headers)
