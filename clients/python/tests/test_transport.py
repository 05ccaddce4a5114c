from __future__ import annotations

import asyncio
import copy
import datetime
import pickle
import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from understudy import (
    AsyncUnderstudy,
    ConnectionFailed,
    InvalidRequest,
    RateLimited,
    ServerError,
    TimeLimitExceeded,
    Understudy,
    UnderstudyError,
    UnexpectedAnswer,
)
from understudy._retry import backoff, retry_after_seconds

from .test_models import DECISION

KEY = "us_1234567890secret"


def client_of(*answers: Any, **options: Any) -> tuple[Understudy, list[httpx.Request], list[float]]:
    """A client whose requests get these answers one after the other, what it sent, and how long it waited."""
    sent: list[httpx.Request] = []
    waits: list[float] = []
    queue = list(answers)

    def handle(request: httpx.Request) -> httpx.Response:
        request.read()
        sent.append(request)
        answer = queue.pop(0)
        if isinstance(answer, Exception):
            raise answer
        response: httpx.Response = answer(request) if callable(answer) else answer
        return response

    http = httpx.Client(transport=httpx.MockTransport(handle))
    client = Understudy("http://server/", KEY, http_client=http, **options)
    client._transport.sleep = waits.append
    client._transport.random = lambda: 0.5
    return client, sent, waits


def ok() -> httpx.Response:
    return httpx.Response(200, json=DECISION)


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"status": status, "code": code, "detail": "d"}, headers=headers)


def test_repeats_with_the_same_key_and_body_and_waits_as_asked() -> None:
    client, sent, waits = client_of(
        problem(503, "overloaded"), problem(429, "rate_limited", **{"retry-after": "7"}), httpx.ReadError("reset"), ok()
    )
    assert client.predict("t", "x", external_id="e").label == "spam"
    assert len({request.headers["idempotency-key"] for request in sent}) == 1
    assert {request.content for request in sent} == {b'{"input":{"text":"x"},"external_id":"e"}'}
    assert waits == [0.125, 7.25, 0.5]


def test_another_call_has_another_key() -> None:
    client, sent, _ = client_of(ok(), ok(), ok())
    client.predict("t", "x")
    client.predict("t", "x")
    client.predict("t", "x", idempotency_key="mine-1")
    keys = [request.headers["idempotency-key"] for request in sent]
    assert len(set(keys)) == 3
    assert keys[2] == "mine-1"


def test_gives_up_with_the_last_failure() -> None:
    client, sent, _ = client_of(problem(503, "a"), problem(503, "b"), problem(429, "c", **{"retry-after": "2"}))
    with pytest.raises(RateLimited) as caught:
        client.predict("t", "x", max_retries=2)
    assert (caught.value.code, caught.value.retry_after, len(sent)) == ("c", 2.0, 3)


def test_does_not_begin_a_wait_that_would_pass_the_total_limit() -> None:
    client, sent, waits = client_of(problem(503, "overloaded", **{"retry-after": "600"}))
    with pytest.raises(ServerError):
        client.predict("t", "x")
    assert (len(sent), waits) == (1, [])


def test_a_redirect_is_not_followed() -> None:
    client, sent, _ = client_of(httpx.Response(302, headers={"location": "http://elsewhere/"}))
    with pytest.raises(UnexpectedAnswer):
        client.me()
    assert len(sent) == 1


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'"x"', b"{}", b'{"id": 1', b"\xff", b"[" * 100_000])
def test_another_answer_than_promised(body: bytes) -> None:
    client, sent, _ = client_of(httpx.Response(200, content=body))
    with pytest.raises(UnexpectedAnswer) as caught:
        client.predict("t", "x")
    assert (caught.value.code, len(sent)) == ("unexpected_answer", 1)


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b"null", b'{"code": 5}', b"[" * 100_000])
def test_a_failure_that_is_no_problem_document(body: bytes) -> None:
    client, _, _ = client_of(httpx.Response(400, content=body, headers={"x-request-id": "req_1"}))
    with pytest.raises(InvalidRequest) as caught:
        client.predict("t", "x")
    assert (caught.value.status, caught.value.code, caught.value.request_id) == (400, "http_400", "req_1")


def test_broken_compression() -> None:
    client, _, _ = client_of(
        httpx.Response(200, content=iter([b"nonsense"]), headers={"content-encoding": "gzip"}), max_retries=0
    )
    with pytest.raises(UnexpectedAnswer, match="compression"):
        client.me()


def test_batches_with_another_number_of_decisions_are_refused() -> None:
    client, _, _ = client_of(httpx.Response(200, json={"decisions": [DECISION]}))
    with pytest.raises(UnexpectedAnswer, match="2 items"):
        client.predict_batch("t", ["a", "b"])


def test_an_unknown_option_is_an_error() -> None:
    client, _, _ = client_of()
    with pytest.raises(TypeError, match="colour"):
        client.tasks.get("t", colour="red")  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    client, _, _ = client_of()
    with pytest.raises(ValueError):
        client.tasks.delete(name)


def test_what_no_header_can_hold_is_refused_and_not_sent() -> None:
    client, sent, _ = client_of()
    for options in ({"idempotency_key": "a\r\nx: y"}, {"idempotency_key": "ü"}, {"request_id": "\0"}):
        with pytest.raises(ValueError):
            client.predict("t", "x", **options)  # type: ignore[arg-type]
    assert sent == []


def test_no_limit_at_all() -> None:
    client, _, _ = client_of(ok())
    assert client.predict("t", "x", timeout=float("inf"), total_timeout=None).id == "dec_1"


def test_names_are_one_segment_whatever_they_hold() -> None:
    client, sent, _ = client_of(problem(404, "task_not_found"))
    with pytest.raises(UnderstudyError):
        client.tasks.get("a/../b?c#d é")
    assert sent[0].url.raw_path == b"/v1/tasks/a%2F..%2Fb%3Fc%23d%20%C3%A9"


@pytest.mark.parametrize("url", ["server", "ftp://server", "http://", "http://user:pw@server", "http://server?x=1"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(ValueError) as caught:
        Understudy(url)
    assert "pw" not in str(caught.value)


def test_a_key_that_cannot_be_sent() -> None:
    for key in ("", "us_ x", "us_é", "us_x\n"):
        with pytest.raises(ValueError) as caught:
            Understudy("http://server", key)
        assert key == "" or key not in str(caught.value)


def test_the_key_is_nowhere_to_be_seen() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    client, _, _ = client_of(broken, problem(401, "invalid_credentials"), httpx.Response(200, content=b"x"), max_retries=0)
    seen = [repr(client), str(vars(client)), repr(client._transport.settings), repr(vars(client._transport))]
    for _ in range(3):
        try:
            client.me()
        except UnderstudyError as error:
            assert error.__cause__ is None
            assert error.__context__ is None
            seen += [str(error), repr(error), str(vars(error))]
            told = traceback.TracebackException.from_exception(error, capture_locals=True)
            seen.append("".join(told.format()))
    assert len(seen) == 16
    assert not any(KEY in text for text in seen)
    for copied in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            copied(client)


def test_an_answer_that_does_not_fit_is_not_in_the_error() -> None:
    client, _, _ = client_of(httpx.Response(200, json={"data": "us_new_secret"}))
    with pytest.raises(UnexpectedAnswer) as caught:
        client.keys.list().page()
    told = traceback.TracebackException.from_exception(caught.value)
    assert "us_new_secret" not in "".join(told.format())


def test_errors_survive_pickling() -> None:
    client, _, _ = client_of(
        httpx.Response(
            422,
            json={
                "code": "invalid_body",
                "detail": "d",
                "request_id": "r",
                "errors": [{"pointer": "/a", "code": "c", "detail": "x"}],
            },
        )
    )
    with pytest.raises(InvalidRequest) as caught:
        client.me()
    error = pickle.loads(pickle.dumps(caught.value))
    assert type(error) is InvalidRequest
    assert (error.status, error.code, error.detail, error.request_id) == (422, "invalid_body", "d", "r")
    assert error.problem is not None
    assert error.problem.errors is not None
    assert error.problem.errors[0].pointer == "/a"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("0", 0),
        (" 12 ", 12),
        ("Thu, 01 Jan 2026 00:01:00 GMT", 60),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0),
        ("99999999999", None),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    assert retry_after_seconds(header, now) == seconds


def test_full_jitter_over_an_exponential_bound() -> None:
    assert [backoff(n, None, lambda: 1.0) for n in (1, 2, 3, 4, 5, 6, 7, 5000)] == [0.25, 0.5, 1, 2, 4, 8, 8, 8]
    assert backoff(3, 4, lambda: 0.0) == 4


async def slow(request: httpx.Request) -> httpx.Response:
    await asyncio.sleep(30)
    return httpx.Response(200)


def test_an_attempt_ends_with_its_limit_whatever_the_server_does() -> None:
    async def ask() -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(slow))
        async with AsyncUnderstudy("http://server", KEY, http_client=http, max_retries=0) as client:
            await client.me(timeout=0.01)

    with pytest.raises(TimeLimitExceeded) as caught:
        asyncio.run(ask())
    assert caught.value.code == "time_limit"


def test_a_cancelled_task_is_cancelled() -> None:
    async def ask() -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(slow))
        client = AsyncUnderstudy("http://server", KEY, http_client=http)
        task = asyncio.ensure_future(client.me())
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(ask())


def test_a_client_of_yours_stays_open() -> None:
    http = httpx.Client()
    with Understudy("http://server", http_client=http):
        pass
    assert not http.is_closed
    with Understudy("http://server") as client:
        inner: Callable[[], bool] = lambda: client._transport._http.is_closed  # noqa: E731
        assert not inner()
    assert inner()


def test_nobody_there() -> None:
    with Understudy("http://127.0.0.1:9", KEY, max_retries=0) as client, pytest.raises(ConnectionFailed) as caught:
        client.me()
    assert (caught.value.status, caught.value.code) == (0, "connection_failed")
