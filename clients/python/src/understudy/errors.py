"""Everything that a call may raise. No message, attribute or repr of these holds a key."""

from __future__ import annotations

import json
from typing import Any, Optional

from .models import Problem


class UnderstudyError(Exception):
    """The base of them all."""

    def __init__(
        self,
        detail: str,
        *,
        status: int = 0,
        code: str,
        problem: Optional[Problem] = None,
        request_id: Optional[str] = None,
        retry_after: Optional[float] = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        #: HTTP status; 0 when no answer came.
        self.status = status
        #: Stable; the server's error reference lists all.
        self.code = code
        #: The RFC 9457 document, when the answer was one.
        self.problem = problem
        self.request_id = request_id
        #: Seconds, as the server asked.
        self.retry_after = retry_after

    def __str__(self) -> str:
        facts = [self.code]
        if self.status:
            facts.append(str(self.status))
        if self.request_id is not None:
            facts.append(f"request {self.request_id}")
        return f"{self.detail} [{', '.join(facts)}]"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.detail!r}, status={self.status}, code={self.code!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors cross process borders in task queues; keyword-only arguments would not survive that by themselves.
        state = {name: value for name, value in self.__dict__.items() if not name.startswith("__")}
        return _restore, (type(self), self.detail, self.code), state


class InvalidRequest(UnderstudyError):
    """400, 413, 415, 422: the request itself has to change. `problem.errors` points at each wrong place."""


class Unauthenticated(UnderstudyError):
    """401: no key, or one that is unknown, expired or revoked."""


class Forbidden(UnderstudyError):
    """403: the key may not do this; `detail` names the scope that it lacks."""


class NotFound(UnderstudyError):
    """404"""


class Conflict(UnderstudyError):
    """409: the resource is in a state that does not allow this."""


class StaleVersion(UnderstudyError):
    """412: somebody else changed it first (`if_match`), or it exists already (`create_only`)."""


class RateLimited(UnderstudyError):
    """429, after the repeats."""


class ServerError(UnderstudyError):
    """5xx, after the repeats."""


class ConnectionFailed(UnderstudyError):
    """No answer, or one that broke off: refused, reset, name not found, TLS. Code `connection_failed`."""


class TimeLimitExceeded(UnderstudyError):
    """No answer in time. Code `time_limit`. The server may have done the work: repeat with the same idempotency key."""


class UnexpectedAnswer(UnderstudyError):
    """An answer that is not what the API promises, e.g. a proxy's page. Code `unexpected_answer`."""


def _restore(cls: type[UnderstudyError], detail: str, code: str) -> UnderstudyError:
    return cls(detail, code=code)


_CLASSES: dict[int, type[UnderstudyError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: StaleVersion,
    429: RateLimited,
}


def _class_of(status: int) -> type[UnderstudyError]:
    fallback = ServerError if status >= 500 else InvalidRequest if status >= 400 else UnexpectedAnswer
    return _CLASSES.get(status, fallback)


def error_of(status: int, body: bytes, *, request_id: Optional[str], retry_after: Optional[float]) -> UnderstudyError:
    """The typed error of an answer that is not 2xx."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None  # a proxy's HTML: the status alone has to do
    document: dict[str, Any] = parsed if isinstance(parsed, dict) else {}

    def text(name: str) -> Optional[str]:
        value = document.get(name)
        return value if isinstance(value, str) and value != "" else None

    return _class_of(status)(
        text("detail") or text("title") or f"the server answered {status}",
        status=status,
        code=text("code") or f"http_{status}",
        problem=Problem.model_validate({"status": status, **document}) if document else None,
        request_id=text("request_id") or request_id,
        retry_after=retry_after,
    )
