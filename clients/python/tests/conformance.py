"""The cases that the clients of all languages pass, and how their neutral words are said in Python."""

from __future__ import annotations

import base64
import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from typing import Any

from pydantic import BaseModel

from understudy import (
    Conflict,
    ConnectionFailed,
    Forbidden,
    InvalidRequest,
    InvalidSecret,
    InvalidWebhook,
    NotFound,
    Page,
    RateLimited,
    ServerError,
    StaleVersion,
    TimeLimitExceeded,
    Unauthenticated,
    UnderstudyError,
    UnexpectedAnswer,
    verify_webhook,
)

from .conftest import CONFORMANCE

CLASSES: dict[str, type[Exception]] = {
    "invalid_request": InvalidRequest,
    "unauthenticated": Unauthenticated,
    "forbidden": Forbidden,
    "not_found": NotFound,
    "conflict": Conflict,
    "stale_version": StaleVersion,
    "rate_limited": RateLimited,
    "server_error": ServerError,
    "connection_failed": ConnectionFailed,
    "time_limit_exceeded": TimeLimitExceeded,
    "unexpected_answer": UnexpectedAnswer,
    "invalid_webhook": InvalidWebhook,
    "invalid_secret": InvalidSecret,
}

#: Bodies whose fields are arguments of their own.
SPREAD = {
    "predict",
    "decisions.label",
    "dead_letters.discard",
    "alerts.acknowledge",
    "models.set_alias",
    "session.switch",
    "certification.renew",
}

RENAMED = {"examples.import": "examples.import_"}


def all_cases() -> Iterator[dict[str, Any]]:
    for file in sorted(CONFORMANCE.glob("*.json")):
        yield from json.loads(file.read_text("utf-8")).get("cases", [])


def client_options(case: dict[str, Any], server: str) -> dict[str, Any]:
    settings = case.get("client", {})
    options: dict[str, Any] = {
        "base_url": settings.get("base_url", server),
        "api_key": settings.get("api_key", "us_conformance"),
    }
    if "max_retries" in settings:
        options["max_retries"] = settings["max_retries"]
    if "timeout_ms" in settings:
        options["timeout"] = settings["timeout_ms"] / 1000
    if "total_timeout_ms" in settings:
        options["total_timeout"] = settings["total_timeout_ms"] / 1000
    return options


def method_of(client: Any, name: str) -> Any:
    found = client
    for part in RENAMED.get(name, name).split("."):
        found = getattr(found, part)
    return found


def arguments_of(call: dict[str, Any]) -> dict[str, Any]:
    """Neutral arguments as keyword arguments; bodies are the first parameter behind the path's that has no name here."""
    arguments = dict(call["arguments"])
    if "timeout_ms" in arguments:
        arguments["timeout"] = arguments.pop("timeout_ms") / 1000
    if "from" in arguments:
        arguments["from_"] = arguments.pop("from")
    if call["method"] in SPREAD:
        arguments.update(arguments.pop("body", {}))
    for name in ("rows", "text"):
        if call["method"] == "examples.import" and name in arguments:
            arguments["source"] = arguments.pop(name)
    if "trusted" in arguments:
        arguments["trusted"] = (arguments["trusted"]["size"], arguments["trusted"]["head"])
    return arguments


def positional(arguments: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """A `body` is an argument by its place: behind what the path takes."""
    if "body" not in arguments:
        return [], arguments
    first = [arguments.pop(name) for name in ("task", "id", "item", "source", "model", "route") if name in arguments]
    return [*first, arguments.pop("body")], arguments


def as_json(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return json.loads(json.dumps(value.to_dict())) if hasattr(value, "to_dict") else value.model_dump(mode="json")
    if isinstance(value, Page):
        return {"data": as_json(value.data), "next_cursor": value.next_cursor}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: as_json(getattr(value, name)) for name in asdict(value)}
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    return value


TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def differences(expected: Any, actual: Any, at: str = "") -> list[str]:
    """Every member that is expected and is not there, or is another."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return [f"{at}: {actual!r} is no object"]
        found = [f"{at}/{name}: missing" for name in expected if name not in actual and expected[name] is not None]
        return found + [
            one for name in expected if name in actual for one in differences(expected[name], actual[name], f"{at}/{name}")
        ]
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            return [f"{at}: {actual!r} instead of {expected!r}"]
        return [one for i, pair in enumerate(zip(expected, actual)) for one in differences(*pair, at=f"{at}/{i}")]
    if isinstance(expected, str) and isinstance(actual, str) and TIME.fullmatch(expected) and TIME.fullmatch(actual):
        return [] if _instant(expected) == _instant(actual) else [f"{at}: {actual} instead of {expected}"]
    if isinstance(expected, bool) or isinstance(actual, bool):
        return [] if expected is actual else [f"{at}: {actual!r} instead of {expected!r}"]
    return [] if expected == actual else [f"{at}: {actual!r} instead of {expected!r}"]


def _instant(text: str) -> datetime.datetime:
    whole, fraction, zone = re.fullmatch(r"([^.Z+]*?)(\.\d+)?(Z|[+-]\d\d:\d\d)", text).groups()  # type: ignore[union-attr]
    micro = (fraction or ".0")[1:7].ljust(6, "0")
    return datetime.datetime.fromisoformat(f"{whole}.{micro}{'+00:00' if zone == 'Z' else zone}")


def judge(case: dict[str, Any], value: Any, error: Exception | None) -> list[str]:
    expected = case["result"]
    if "json" in expected:
        if error is not None:
            return [f"raised {error!r}"]
        return differences(expected["json"], as_json(value))
    wanted = expected["error"]
    if error is None:
        return [f"returned {value!r} instead of raising {wanted['class']}"]
    problems = []
    if type(error) is not CLASSES[wanted["class"]]:
        problems.append(f"raised {error!r} instead of {wanted['class']}")
    for name in ("status", "code", "detail", "request_id", "retry_after"):
        if name in wanted and getattr(error, name, None) != wanted[name]:
            problems.append(f"{name} is {getattr(error, name, None)!r} instead of {wanted[name]!r}")
    if "errors" in wanted:
        said = as_json(error.problem).get("errors") if isinstance(error, UnderstudyError) and error.problem else None
        problems += differences(wanted["errors"], said, "errors")
    if "us_conformance" in f"{error!s}{error!r}":
        problems.append("the error holds the key")
    return problems


def verify(case: dict[str, Any]) -> Any:
    given = case["webhook"]
    body = base64.b64decode(given["body_base64"]) if "body_base64" in given else given["body"]
    return verify_webhook(
        given["secrets"], body, given["headers"], tolerance=given.get("tolerance_seconds", 300), now=given["now"]
    )
