"""One call as data: what it asks for, and within what limits."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Optional, TypeVar, Union

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from . import _json
from .errors import UnexpectedAnswer

T = TypeVar("T")

#: A number, a text, or None for what is left out.
Query = Mapping[str, Union[str, int, float, bool, None]]


class CallOptions(TypedDict, total=False):
    """What every call takes."""

    #: Seconds that one attempt may take; for uploads and streams, the longest silence.
    timeout: float
    #: Seconds that the call may take with all repeats and waits; None = no limit.
    total_timeout: Optional[float]
    #: Repeats after the first attempt.
    max_retries: int
    #: W3C trace context, passed on as it is.
    traceparent: str
    #: Chosen by you, to find the request in the server's log.
    request_id: str


class IdempotentOptions(CallOptions, total=False):
    """Calls that create or decide."""

    #: Default: a random one, the same over the repeats.
    idempotency_key: str


class PageOptions(CallOptions, total=False):
    """Lists."""

    #: Rows a page, 1…200.
    limit: int
    #: Where to begin: `next_cursor` of an earlier page.
    cursor: str


class ChangeOptions(CallOptions, total=False):
    """Calls that change what somebody else may change too."""

    #: Only when it is as this ETag says; else StaleVersion.
    if_match: str


class PutOptions(ChangeOptions, total=False):
    #: Only when it does not exist; else StaleVersion.
    create_only: bool


@dataclass(frozen=True)
class Body:
    """A request body that is not JSON. `open` makes it for one attempt, anew when `repeatable`."""

    open: Callable[[], Any]
    repeatable: bool


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    query: Query = field(default_factory=dict)
    #: Sent as JSON unless it is `...`.
    json: Any = field(default=..., repr=False)
    body: Optional[Body] = None
    content_type: Optional[str] = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    accept: str = "application/json"
    #: It creates or decides: it carries an idempotency key.
    idempotent: bool = False
    #: The call is about whichever session the cookies hold.
    without_csrf: bool = False
    timeout: Optional[float] = None
    #: `...` = that of the client.
    total_timeout: Any = ...
    max_retries: Optional[int] = None
    traceparent: Optional[str] = None
    request_id: Optional[str] = None
    idempotency_key: Optional[str] = None
    if_match: Optional[str] = None
    create_only: bool = False
    limit: Optional[int] = None
    cursor: Optional[str] = None

    def at(self, cursor: Optional[str]) -> Call:
        return replace(self, cursor=cursor)

    def content(self) -> Optional[bytes]:
        return None if self.json is ... else _json.dumps(self.json)

    def url(self, base: str) -> str:
        query = {**self.query, **given(limit=self.limit, cursor=self.cursor)}
        pairs = [(name, _text(value)) for name, value in query.items() if value is not None]
        return base + self.path + ("?" + urllib.parse.urlencode(pairs) if pairs else "")

    def all_headers(self, fresh_key: Callable[[], str]) -> dict[str, str]:
        headers = {"accept": self.accept}
        if self.json is not ...:
            headers["content-type"] = "application/json"
        elif self.content_type is not None:
            headers["content-type"] = self.content_type
        if self.traceparent is not None:
            headers["traceparent"] = self.traceparent
        if self.request_id is not None:
            headers["x-request-id"] = self.request_id
        if self.idempotent:
            headers["idempotency-key"] = self.idempotency_key or fresh_key()
        if self.if_match is not None:
            headers["if-match"] = self.if_match
        if self.create_only:
            headers["if-none-match"] = "*"
        headers.update(self.headers)
        for name, value in headers.items():
            if not re.fullmatch(r"[\x20-\x7e]*", value):
                raise ValueError(f"{name} holds characters that no header can")
        return headers


def path(*segments: str) -> str:
    """`/v1/…` of these segments. Raises ValueError for one that would lead elsewhere."""
    for segment in segments:
        if segment in ("", ".", ".."):
            raise ValueError(f"{segment!r} is no name or id")
    return "/v1/" + "/".join(urllib.parse.quote(segment, safe="-_.~") for segment in segments)


def given(**fields: Any) -> dict[str, Any]:
    """The fields that were given."""
    return {name: value for name, value in fields.items() if value is not None}


def _text(value: Union[str, int, float, bool]) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def checked_base_url(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("base_url must be http:// or https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("base_url must not hold a user or password")
    if parts.query or parts.fragment:
        raise ValueError("base_url must not hold a query or fragment")
    return url.rstrip("/")


def checked_key(key: str) -> str:
    if not re.fullmatch(r"[\x21-\x7e]+", key):
        raise ValueError("api_key holds spaces or characters that no key has")  # without it: this text is logged
    return key


_adapters: dict[Any, TypeAdapter[Any]] = {}


def read_answer(kind: type[T], body: bytes, *, status: int, base: str, request_id: Optional[str]) -> T:
    """The JSON body of a 2xx answer as `kind`."""
    adapter = _adapters.get(kind)
    if adapter is None:
        adapter = _adapters.setdefault(kind, TypeAdapter(kind))
    try:
        answer: T = adapter.validate_json(body)
        return answer
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        problem = first["msg"] + (f" at {where}" if where else "")
    # Outside of the handler: the cause would carry the answer, which may hold a secret, into logs.
    raise UnexpectedAnswer(
        f"{base} answered {status} with something else than the API promises ({problem}); is it an Understudy server?",
        status=status,
        code="unexpected_answer",
        request_id=request_id,
    )
