"""What the README says, run: against a fake, and against a real server when one is named."""

from __future__ import annotations

import os
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

import understudy
from understudy import AsyncUnderstudy, Understudy

README = (Path(__file__).resolve().parent.parent / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)

URL = os.environ.get("UNDERSTUDY_TEST_URL")
KEY = os.environ.get("UNDERSTUDY_TEST_KEY")
live = pytest.mark.skipif(URL is None or KEY is None, reason="UNDERSTUDY_TEST_URL and UNDERSTUDY_TEST_KEY name no server")


def test_has_examples_that_are_python() -> None:
    assert len(BLOCKS) >= 8
    for block in BLOCKS:
        compile(block, "README.md", "exec")


@pytest.mark.live
@live
def test_examples_work_when_pasted() -> None:
    pytest.importorskip("pandas")
    task = f"readme-{uuid.uuid4().hex[:8]}"
    names: dict[str, Any] = {}
    for number, block in enumerate(BLOCKS, 1):
        text = block.replace("http://127.0.0.1:8080", str(URL)).replace("us_…", str(KEY)).replace("comment-moderation", task)
        exec(compile(text, f"README.md, example {number}", "exec"), names)
    client: Understudy = names["client"]
    assert names["done"].status == "succeeded"
    assert client.examples.stats(task).examples == 401
    client.close()


@pytest.mark.live
@live
def test_a_life_of_a_task() -> None:
    task = f"python-{uuid.uuid4().hex[:8]}"
    with Understudy(str(URL), str(KEY)) as client:
        assert client.health.ready().ready
        assert client.health.version().name
        assert client.me().to_dict()["workspace"]
        client.tasks.put(
            task, {"kind": "text_classification", "labels": [{"name": "ok"}, {"name": "spam"}]}, create_only=True
        )
        with pytest.raises(understudy.StaleVersion):
            client.tasks.put(task, {"kind": "text_classification", "labels": [{"name": "ok"}]}, create_only=True)
        tagged = client.tasks.get_with_etag(task)
        assert tagged.etag
        first = client.predict(task, "Grüße 🙃", external_id="c-1", idempotency_key=f"k-{task}")
        assert first.is_review
        assert first.external_id == "c-1"
        assert client.predict(task, "Grüße 🙃", external_id="c-1", idempotency_key=f"k-{task}").id == first.id
        with pytest.raises(understudy.InvalidRequest) as caught:
            client.predict(task, "other", idempotency_key=f"k-{task}")
        assert caught.value.code == "idempotency_key_reused"
        decided = list(client.predict_many(task, (f"text {n}" for n in range(450)), batch_size=100))
        assert [each.item for each in decided] == [f"text {n}" for n in range(450)]
        assert client.decisions.get(decided[0].decision.id).to_dict()["input"] == {"text": "text 0"}
        listed = client.decisions.list(task=task, limit=200).to_list()
        assert len({each.id for each in listed}) == 451
        label = client.decisions.label(first.id, "ok", source="application", person="p-1")
        assert label.decision == first.id
        job = client.jobs.create({"task": task, "items": [{"input": {"text": f"job {n}"}} for n in range(5)]})
        assert client.jobs.wait(job.id).status == "succeeded"
        assert [row.position for row in client.jobs.decisions(job.id, limit=2)] == [0, 1, 2, 3, 4]
        assert client.ledger.verify().ok is True
        with pytest.raises(understudy.InvalidRequest) as wrong:
            client.examples.import_(task, [{"input": {"text": "x"}, "label": "no such label"}])
        assert wrong.value.problem is not None


@pytest.mark.live
@live
def test_without_blocking() -> None:
    import asyncio

    async def run() -> None:
        task = f"python-{uuid.uuid4().hex[:8]}"
        async with AsyncUnderstudy(str(URL), str(KEY)) as client:
            await client.tasks.put(task, {"kind": "text_classification", "labels": [{"name": "ok"}, {"name": "spam"}]})
            answer = await client.examples.import_(
                task, ({"input": {"text": f"t {n}"}, "label": "ok"} for n in range(300)), gzip=True
            )
            assert answer.accepted == 300
            decided = [each async for each in client.predict_many(task, (f"text {n}" for n in range(250)), batch_size=50)]
            assert len(decided) == 250
            job = await client.jobs.create({"task": task, "input": {"text": "later"}})
            events = [event async for event in client.jobs.events(job.id)]
            assert events[-1].data.status == "succeeded"
            rows = [row async for row in client.examples.list(task, limit=100)]
            assert len(rows) == 300

    asyncio.run(run())
