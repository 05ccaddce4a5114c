# Derived from understudy._async by scripts/derive_sync.py.
"""One HTTP call with time limits, repeats and typed errors. Knows nothing of any route."""

from __future__ import annotations

import datetime
import math
import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Callable, Optional, TypeVar

import httpx

from .._call import Call, read_answer
from .._page import Tagged
from .._retry import backoff, is_retryable, retry_after_seconds
from .._secret import Secret
from ..errors import ConnectionFailed, TimeLimitExceeded, UnderstudyError, UnexpectedAnswer, error_of
from . import runtime

T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    base_url: str
    key: Optional[Secret]
    timeout: float
    total_timeout: Optional[float]
    max_retries: int
    user_agent: str


@dataclass(frozen=True)
class Answer:
    status: int
    headers: httpx.Headers
    body: bytes


class Transport:
    def __init__(self, settings: Settings, http: httpx.Client) -> None:
        self.settings = settings
        self._http = http
        #: Of the active session, sent along with cookies; None before anybody signed in.
        self.csrf_token: Optional[str] = None
        #: Replaced by tests.
        self.sleep: Callable[[float], Any] = runtime.sleep
        self.random: Callable[[], float] = random.random

    def json(self, kind: type[T], call: Call) -> T:
        """The JSON body of a 2xx answer."""
        return (self.tagged(kind, call)).value

    def tagged(self, kind: type[T], call: Call) -> Tagged[T]:
        """The JSON body of a 2xx answer with its ETag."""
        answer = self.fetch(call)
        request_id = answer.headers.get("x-request-id")
        value = read_answer(kind, answer.body, status=answer.status, base=self.settings.base_url, request_id=request_id)
        return Tagged(value, answer.headers.get("etag", ""))

    def nothing(self, call: Call) -> None:
        """Sends; whatever a 2xx answer says is left unread."""
        self.fetch(call)

    def fetch(self, call: Call) -> Answer:
        """A 2xx answer as a whole, within the time limit of an attempt."""

        def attempt(limit: Optional[float], headers: dict[str, str]) -> Answer:
            # An upload may take as long as it moves: there the limits of the connection are the only ones.
            whole = limit if call.body is None else None
            ends_at = None if whole is None else time.monotonic() + whole
            with runtime.time_limit(whole):
                response = self._open(call, headers, limit)
                try:
                    body = self._read(response, ends_at)
                finally:
                    response.close()
            if not response.is_success:
                raise self._error(response, body)
            if self._is_page(call, response):
                raise self._unexpected(response)
            return Answer(response.status_code, response.headers, body)

        answer: Answer = self._repeated(call, attempt)
        return answer

    @contextmanager
    def stream(self, call: Call, silence: Optional[float] = None) -> Iterator[Iterator[bytes]]:
        """The answer's body as it comes; `silence` limits for how many seconds nothing may come."""
        quiet = silence if silence is not None else self._limit_of(call)

        def attempt(limit: Optional[float], headers: dict[str, str]) -> httpx.Response:
            response = self._open(call, headers, quiet)
            if response.is_success and not self._is_page(call, response):
                return response
            try:
                if response.is_success:
                    raise self._unexpected(response)
                body = self._read(response, None)
            finally:
                response.close()
            raise self._error(response, body)

        response: httpx.Response = self._repeated(call, attempt)
        try:
            yield self._chunks(response, quiet)
        finally:
            response.close()

    def pause(self, repeat: int, retry_after: Optional[float] = None) -> None:
        """Waits as before repeat number `repeat`."""
        self._wait(backoff(repeat, retry_after, self.random))

    def max_retries(self, call: Call) -> int:
        return self.settings.max_retries if call.max_retries is None else call.max_retries

    def close(self) -> None:
        self._http.close()

    def _wait(self, seconds: float) -> None:
        self.sleep(seconds)

    def _limit_of(self, call: Call) -> float:
        return self.settings.timeout if call.timeout is None else call.timeout

    def _repeated(self, call: Call, attempt: Callable[[Optional[float], dict[str, str]], Any]) -> Any:
        """Tries, and tries again where that is safe."""
        total: Optional[float] = self.settings.total_timeout if call.total_timeout is ... else call.total_timeout
        ends_at = None if total is None else time.monotonic() + total
        headers = call.all_headers(lambda: str(uuid.uuid4()))
        repeat = 0
        while True:
            repeat += 1
            limit = self._limit_of(call)
            if ends_at is not None:
                limit = min(limit, max(0.001, ends_at - time.monotonic()))
            try:
                return self._tried(attempt, limit, headers)
            except UnderstudyError as failure:
                no_answer = isinstance(failure, (ConnectionFailed, TimeLimitExceeded))
                repeatable = call.body is None or call.body.repeatable
                may = repeatable and (no_answer or is_retryable(failure.status, failure.code))
                if repeat > self.max_retries(call) or not may:
                    raise
                pause = backoff(repeat, failure.retry_after, self.random)
                if ends_at is not None and time.monotonic() + pause >= ends_at:
                    raise
            self._wait(pause)

    def _tried(
        self, attempt: Callable[[Optional[float], dict[str, str]], Any], limit: float, headers: dict[str, str]
    ) -> Any:
        try:
            return attempt(limit, headers)
        except (httpx.TimeoutException, TimeoutError):
            detail = f"no answer from {self.settings.base_url} within {limit:g} s"
            failure: UnderstudyError = TimeLimitExceeded(detail, code="time_limit")
        except (httpx.TransportError, httpx.DecodingError) as error:
            failure = self._broken(error)
        # Outside of the handler: the frames of the cause hold the headers of the request, and error reporters show frames.
        raise failure

    def _open(self, call: Call, headers: dict[str, str], limit: Optional[float]) -> httpx.Response:
        settings = self.settings
        content = call.content() if call.body is None else call.body.open()
        request = self._http.build_request(
            call.method,
            call.url(settings.base_url),
            content=content,
            headers={**headers, "user-agent": settings.user_agent},
            timeout=httpx.Timeout(None if limit == math.inf else limit),
        )
        if settings.key is None and self.csrf_token is not None and not call.without_csrf:
            request.headers["x-csrf-token"] = self.csrf_token
        # A credential must not follow a redirect to another host.
        return self._http.send(request, stream=True, auth=settings.key, follow_redirects=False)

    def _read(self, response: httpx.Response, ends_at: Optional[float]) -> bytes:
        pieces: list[bytes] = []
        if ends_at is not None:
            # What is left of the time is all that the next silence may take.
            response.request.extensions["timeout"]["read"] = max(0.001, ends_at - time.monotonic())
        for piece in response.iter_bytes():
            pieces.append(piece)
            if ends_at is not None and time.monotonic() > ends_at:
                raise TimeoutError("the answer came too slowly")
        return b"".join(pieces)

    def _chunks(self, response: httpx.Response, quiet: float) -> Iterator[bytes]:
        try:
            for piece in response.iter_bytes():
                yield piece
            return
        except httpx.TimeoutException:
            failure: UnderstudyError = TimeLimitExceeded(f"nothing came for {quiet:g} s", code="time_limit")
        except (httpx.TransportError, httpx.DecodingError) as error:
            failure = self._broken(error)
        raise failure

    def _is_page(self, call: Call, response: httpx.Response) -> bool:
        """A proxy's page in place of what was asked for: with JSON it shows by itself, with streams it does not."""
        return response.headers.get("content-type", "").startswith("text/html") and call.accept != "text/html"

    def _unexpected(self, response: httpx.Response) -> UnderstudyError:
        base, status = self.settings.base_url, response.status_code
        return UnexpectedAnswer(
            f"{base} answered {status} with a page; is it an Understudy server?",
            status=status,
            code="unexpected_answer",
            request_id=response.headers.get("x-request-id"),
        )

    def _error(self, response: httpx.Response, body: bytes) -> UnderstudyError:
        now = datetime.datetime.now(datetime.timezone.utc)
        return error_of(
            response.status_code,
            body,
            request_id=response.headers.get("x-request-id"),
            retry_after=retry_after_seconds(response.headers.get("retry-after"), now),
        )

    def _broken(self, error: httpx.RequestError) -> UnderstudyError:
        base = self.settings.base_url
        if isinstance(error, httpx.DecodingError):
            return UnexpectedAnswer(f"{base} answered with broken compression", code="unexpected_answer")
        reason = str(error) or type(error).__name__
        return ConnectionFailed(f"no connection to {base}: {reason}", code="connection_failed")
