from __future__ import annotations

import datetime
import json
import random
from typing import Any

import pytest
from pydantic import ValidationError

from understudy import _json
from understudy.models import Decision, NewApiKey, SignInCode, Task

DECISION: dict[str, Any] = {
    "id": "dec_1",
    "task": "t",
    "outcome": "automated",
    "label": "spam",
    "confidence": 0.98,
    "threshold": 0.9,
    "automation": "certified",
    "candidates": [{"label": "spam", "score": 0.98}],
    "decided_by": {"rung": "own_model", "model": "t", "version": "7"},
    "created_at": "2026-01-02T03:04:05.678Z",
    "cost": {"amount": "0.000004", "currency": "EUR"},
}


def test_reads_an_answer_and_gives_it_back() -> None:
    decision = Decision.model_validate(DECISION)
    assert decision.is_automated
    assert not decision.is_review
    assert decision.candidates[0].score == 0.98
    assert decision.created_at == datetime.datetime(2026, 1, 2, 3, 4, 5, 678000, datetime.timezone.utc)
    assert decision.to_dict() == DECISION


def test_keeps_what_it_does_not_know() -> None:
    decision = Decision.model_validate({**DECISION, "mood": "good", "cost": {**DECISION["cost"], "tokens": 3}})
    assert decision.model_extra == {"mood": "good"}
    assert decision.cost.model_extra == {"tokens": 3}
    assert decision.to_dict()["mood"] == "good"


def test_takes_a_value_that_is_new() -> None:
    decision = Decision.model_validate({**DECISION, "automation": "supervised"})
    assert decision.automation == "supervised"


def test_an_outcome_that_is_new_is_for_review() -> None:
    decision = Decision.model_validate({**DECISION, "outcome": "postponed"})
    assert decision.is_review


def test_automated_without_a_label_is_for_review() -> None:
    without = {name: value for name, value in DECISION.items() if name != "label"}
    decision = Decision.model_validate(without)
    assert decision.label is None
    assert decision.is_review


def test_a_missing_field_costs_itself_alone() -> None:
    without = {name: value for name, value in DECISION.items() if name not in ("cost", "threshold")}
    decision = Decision.model_validate({**without, "decided_by": {"rung": "own_model"}})
    assert decision.threshold is None  # may be null anyway
    assert decision.decided_by is not None
    assert decision.decided_by.rung == "own_model"
    with pytest.raises(AttributeError):
        _ = decision.cost
    with pytest.raises(AttributeError):
        _ = decision.decided_by.version
    assert decision.to_dict() == {**without, "decided_by": {"rung": "own_model"}}
    assert "dec_1" in repr(decision)


def test_a_field_of_another_type_is_kept_as_it_is() -> None:
    decision = Decision.model_validate({**DECISION, "confidence": "high", "created_at": 5})
    assert decision.to_dict()["confidence"] == "high"
    assert decision.to_dict()["created_at"] == 5
    assert decision.label == "spam"


def test_any_damage_is_refused_or_kept() -> None:
    chance = random.Random(7)
    junk: list[Any] = [
        None,
        True,
        0,
        -1,
        2.5,
        "",
        "x",
        "2026-13-45",
        [],
        [1],
        [[]],
        {},
        {"a": 1},
        [{"label": 1}],
        {"rung": {}},
    ]

    def damaged(value: Any) -> Any:
        if chance.random() < 0.15:
            return chance.choice(junk)
        if isinstance(value, dict):
            return {name: damaged(inner) for name, inner in value.items() if chance.random() > 0.1}
        return [damaged(inner) for inner in value] if isinstance(value, list) else value

    read = 0
    for _ in range(2000):
        damage = damaged(DECISION)
        document = {**DECISION, **damage} if isinstance(damage, dict) and chance.random() < 0.3 else damage
        before = json.dumps(document)
        try:
            decision = Decision.model_validate(document)
        except ValidationError:
            assert not isinstance(document, dict) or not {"id", "outcome"} <= set(document)
            continue
        read += 1
        assert decision.to_dict() == json.loads(before)
        assert decision.is_review is not decision.is_automated
    assert read > 1000


@pytest.mark.parametrize("other", [{}, {"hello": "world"}, {"id": "dec_1"}, [], "text", None, 3])
def test_another_document_is_no_decision(other: Any) -> None:
    with pytest.raises(ValidationError):
        Decision.model_validate(other)


def test_a_union_of_objects_is_one_model() -> None:
    task = Task.model_validate({"task": "t", "automation": {"mode": "uncertified", "min_confidence": 0.8}})
    assert task.automation.mode == "uncertified"
    assert task.automation.min_confidence == 0.8


def test_secrets_are_in_no_repr() -> None:
    key = NewApiKey.model_validate({"id": "key_1", "name": "n", "secret": "us_hidden"})
    assert key.secret == "us_hidden"
    code = SignInCode.model_validate({"code": "hidden", "path": "/sign-in#hidden", "expires_at": "2026-01-01T00:00:00Z"})
    for answer in (key, code):
        assert "hidden" not in repr(answer)
        assert "hidden" not in str(answer)


def test_json_of_every_kind_of_text() -> None:
    assert _json.dumps({"text": "Grüße 🙃\u2028"}) == '{"text":"Grüße 🙃\u2028"}'.encode()
    assert _json.dumps({"text": "\ud83d"}) == b'{"text":"\\ud83d"}'  # half of a pair, as JSON can say it
    with pytest.raises(ValueError):
        _json.dumps(float("nan"))
    with pytest.raises(TypeError, match="a object cannot"):
        _json.dumps(object())
