"""
An Understudy in memory, for the tests of an application. The client in front of it is the real one, so that what works
here is what goes over the wire.

    fake = FakeUnderstudy()
    fake.decides("comment-moderation", lambda text: "spam" if "cheap" in text else "ok")
    with fake.client() as client:
        my_application(client)
    fake.assert_predicted("comment-moderation", "Buy cheap watches")
"""

from __future__ import annotations

import base64
import datetime
import gzip
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable, Optional, Union

import anyio
import httpx

from ._async.client import AsyncUnderstudy
from ._sync.client import Understudy

__all__ = ["FakeUnderstudy", "Predicted", "SignedWebhook", "sign_webhook"]

Answers = Union[str, None, Callable[[str], Optional[str]]]


@dataclass(frozen=True)
class Predicted:
    """A decision that the application asked for."""

    task: str
    #: As it was sent: `input`, `external_id`, …
    item: Mapping[str, Any]
    decision: Mapping[str, Any]

    @property
    def text(self) -> str:
        return str(self.item["input"].get("text", ""))


@dataclass
class _Failure:
    status: Optional[int]
    code: str
    retry_after: Optional[int]
    left: Optional[int]


class FakeUnderstudy:
    """
    Knows predictions, batches, decisions with their labels, jobs (which are decided at once) and imports of examples. A
    task that nothing was said about is not found, as on a real server. Anything else gets what `answers` says, or fails
    the test.
    """

    def __init__(self) -> None:
        self._answers: dict[str, tuple[Answers, float]] = {}
        self._given: dict[tuple[str, str], tuple[int, Any]] = {}
        self._failure: Optional[_Failure] = None
        self._lock = threading.RLock()  # batches come from several threads
        self._decisions: dict[str, dict[str, Any]] = {}
        self._jobs: dict[str, dict[str, Any]] = {}
        self._replays: dict[str, httpx.Response] = {}
        #: Everything that was asked to be decided, in order, jobs included.
        self.predicted: list[Predicted] = []
        #: Labels that were fed back: decision and body.
        self.labelled: list[tuple[str, Mapping[str, Any]]] = []
        #: Rows that were imported, by task.
        self.imported: dict[str, list[Any]] = {}
        #: Method and path of every request.
        self.requests: list[tuple[str, str]] = []

    def decides(self, task: str, label: Answers, *, confidence: float = 0.99) -> FakeUnderstudy:
        """
        Says how a task is decided: a label for all, a function from the text to one, or None: for review. A function
        may return None too.
        """
        self._answers[task] = (label, confidence)
        return self

    def reviews(self, task: str) -> FakeUnderstudy:
        """All of the task goes to people."""
        return self.decides(task, None)

    def answers(self, method: str, path: str, json: Any, *, status: int = 200) -> FakeUnderstudy:
        """The answer of any other operation, e.g. `answers("GET", "/v1/value", {…})`."""
        self._given[(method.upper(), path)] = (status, json)
        return self

    def fails(
        self,
        status: Optional[int] = 503,
        *,
        code: str = "overloaded",
        retry_after: Optional[int] = None,
        times: Optional[int] = None,
    ) -> FakeUnderstudy:
        """The next requests fail: with this status, or, when it is None, because nobody answers. `times`: None = all."""
        self._failure = _Failure(status, code, retry_after, times)
        return self

    def works(self) -> FakeUnderstudy:
        """Ends `fails`."""
        self._failure = None
        return self

    def client(self, **options: Any) -> Understudy:
        """A real client in front of this; it takes the options of `Understudy`, and does not wait between repeats."""
        http = httpx.Client(transport=httpx.MockTransport(self._handle))
        client = Understudy("http://understudy.test", "us_test", http_client=http, **options)
        client._transport.sleep = lambda seconds: None
        return client

    def async_client(self, **options: Any) -> AsyncUnderstudy:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self._handle))
        client = AsyncUnderstudy("http://understudy.test", "us_test", http_client=http, **options)
        client._transport.sleep = lambda seconds: anyio.sleep(0)
        return client

    def assert_predicted(self, task: str, text: Optional[str] = None, *, times: Optional[int] = None) -> None:
        """Fails unless the task was asked, about this text if one is given, so often if a number is."""
        found = [each for each in self.predicted if each.task == task and (text is None or each.text == text)]
        what = f"{task} to be asked" + ("" if text is None else f" about {text!r}")
        if times is None:
            assert found, f"expected {what}; it was asked about {[each.text for each in self.predicted]!r}"
        else:
            assert len(found) == times, f"expected {what} {times} times, not {len(found)}"

    def assert_nothing_predicted(self) -> None:
        asked = [(each.task, each.text) for each in self.predicted]
        assert not asked, f"expected no prediction, but was asked {asked!r}"

    def _handle(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            return self._respond(request)

    def _respond(self, request: httpx.Request) -> httpx.Response:
        method, path = request.method, request.url.path
        self.requests.append((method, path))
        failure = self._failure
        if failure is not None and failure.left != 0:
            if failure.left is not None:
                failure.left -= 1
            if failure.status is None:
                raise httpx.ConnectError("the fake does not answer", request=request)
            headers = {} if failure.retry_after is None else {"retry-after": str(failure.retry_after)}
            return _problem(failure.status, failure.code, f"the fake fails with {failure.status}", headers)
        key = request.headers.get("idempotency-key")
        if key in self._replays:
            return self._replays[key]
        response = self._answer(method, path, request)
        if key is not None and response.is_success:
            self._replays[key] = response
        return response

    def _answer(self, method: str, path: str, request: httpx.Request) -> httpx.Response:
        if (method, path) in self._given:
            status, document = self._given[(method, path)]
            return httpx.Response(status, json=document)
        parts = path.strip("/").split("/")[1:]
        if method == "POST" and len(parts) == 2 and parts[0] == "predict":
            return self._predict(parts[1], [json.loads(request.content)], lambda made: made[0])
        if method == "POST" and len(parts) == 3 and parts[0] == "predict" and parts[2] == "batch":
            items = json.loads(request.content)["items"]
            return self._predict(parts[1], items, lambda made: {"decisions": made})
        if method == "GET" and len(parts) == 2 and parts[0] in ("decisions", "jobs"):
            found = (self._decisions if parts[0] == "decisions" else self._jobs).get(parts[1])
            return httpx.Response(200, json=found) if found else _problem(404, f"{parts[0][:-1]}_not_found", "not found")
        if method == "POST" and len(parts) == 3 and parts[0] == "decisions" and parts[2] == "labels":
            return self._label(parts[1], json.loads(request.content))
        if method == "POST" and parts == ["jobs"]:
            return self._job(json.loads(request.content))
        if method == "POST" and len(parts) == 3 and parts[0] == "tasks" and parts[2] == "examples":
            return self._import(parts[1], request)
        raise AssertionError(f"the fake has no answer to {method} {path}: give it one with answers()")

    def _predict(self, task: str, items: list[Any], shape: Callable[[list[Any]], Any]) -> httpx.Response:
        if task not in self._answers:
            return _problem(404, "task_not_found", f"there is no task {task}")
        return httpx.Response(200, json=shape([self._decide(task, item) for item in items]))

    def _decide(self, task: str, item: Mapping[str, Any]) -> dict[str, Any]:
        answer, confidence = self._answers[task]
        label = answer(str(item["input"].get("text", ""))) if callable(answer) else answer
        decision: dict[str, Any] = {
            "id": f"dec_{len(self._decisions) + 1:026d}",
            "task": task,
            "outcome": "review" if label is None else "automated",
            "label": label,
            "confidence": None if label is None else confidence,
            "threshold": None if label is None else 0.9,
            "automation": "certified",
            "suggestion": None,
            "candidates": [] if label is None else [{"label": label, "score": confidence}],
            "decided_by": None if label is None else {"rung": "own_model", "model": task, "version": "1"},
            "created_at": _now(),
            "cost": {"amount": "0.000000", "currency": "EUR"},
        }
        if label is None:
            decision["review"] = {"item": f"itm_{len(self._decisions) + 1:026d}", "reason": "no_model"}
        if "external_id" in item:
            decision["external_id"] = item["external_id"]
        self._decisions[decision["id"]] = decision
        self.predicted.append(Predicted(task, item, decision))
        return decision

    def _label(self, decision: str, body: Mapping[str, Any]) -> httpx.Response:
        if decision not in self._decisions:
            return _problem(404, "decision_not_found", "not found")
        self.labelled.append((decision, body))
        unknown = dict.fromkeys(("note", "person", "probability", "seconds", "item"))
        answer = {
            "id": f"lbl_{len(self.labelled):026d}",
            "decision": decision,
            "created_at": _now(),
            "given_by": "key_test",
            "echo": False,
            **unknown,
            **body,
        }
        return httpx.Response(201, json=answer)

    def _job(self, body: Mapping[str, Any]) -> httpx.Response:
        task = body["task"]
        if task not in self._answers:
            return _problem(404, "task_not_found", f"there is no task {task}")
        shared = {name: body[name] for name in ("input", "external_id", "subject", "attributes") if name in body}
        items = body.get("items", [shared])
        made = [self._decide(task, item) for item in items]
        job = {
            "id": f"job_{len(self._jobs) + 1:026d}",
            "task": task,
            "status": "succeeded",
            "priority": body.get("priority", 0),
            "progress": {"done": len(items), "total": len(items), "unit": "items", "eta_seconds": 0},
            "attempts": 1,
            "not_before": body.get("not_before"),
            "created_at": _now(),
            "started_at": _now(),
            "finished_at": _now(),
            "error": None,
        }
        results = [{"position": i, "decision": each, "error": None} for i, each in enumerate(made)]
        self._jobs[job["id"]] = {**job, **({"decisions": results} if "items" in body else {"decision": made[0]})}
        return httpx.Response(202, json={**job, "status": "queued"})

    def _import(self, task: str, request: httpx.Request) -> httpx.Response:
        content = request.read()
        if request.headers.get("content-encoding") == "gzip":
            content = gzip.decompress(content)
        kind = request.headers.get("content-type", "")
        rows: list[Any]
        if kind.startswith("application/x-ndjson"):
            rows = [json.loads(line) for line in content.split(b"\n") if line.strip()]
        elif kind.startswith("application/json"):
            rows = json.loads(content)["examples"]
        else:
            rows = content.decode("utf-8").splitlines()[1:]
        self.imported.setdefault(task, []).extend(rows)
        counts = {"accepted": len(rows), "duplicates": 0, "conflicts": 0, "rejected": 0}
        return httpx.Response(200, json={**counts, "problems": [], "new_labels": []})


@dataclass(frozen=True)
class SignedWebhook:
    """What the server would send to an endpoint."""

    body: bytes
    headers: dict[str, str]


def sign_webhook(
    secret: str, type: str, data: Mapping[str, Any], *, id: str = "evt_1_0", now: Optional[float] = None
) -> SignedWebhook:
    """A delivery as Standard Webhooks 1.0 signs it, for the tests of an endpoint. `secret`: `whsec_…`."""
    event = {
        "specversion": "1.0",
        "id": id,
        "source": "/workspaces/ws_test",
        "type": type,
        "subject": str(data.get("id", "test")),
        "time": _now(),
        "datacontenttype": "application/json",
        "data": dict(data),
    }
    body = json.dumps(event, ensure_ascii=False).encode("utf-8")
    at = str(int(time.time() if now is None else now))
    key = base64.b64decode(secret[len("whsec_") :])
    signature = base64.b64encode(hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": id, "webhook-timestamp": at, "webhook-signature": f"v1,{signature}"}
    return SignedWebhook(body, headers)


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _problem(status: int, code: str, detail: str, headers: Optional[dict[str, str]] = None) -> httpx.Response:
    document = {
        "type": f"urn:understudy:error:{code}",
        "title": code.replace("_", " "),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": "req_test",
    }
    return httpx.Response(status, json=document, headers={"content-type": "application/problem+json", **(headers or {})})
