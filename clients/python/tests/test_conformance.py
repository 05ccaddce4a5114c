"""`contracts/conformance`, replayed against the scripted server: every case, blocking and not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from understudy import AsyncUnderstudy, Understudy

from .conformance import (
    all_cases,
    arguments_of,
    client_options,
    judge,
    method_of,
    positional,
    verify,
)
from .conftest import CONFORMANCE

CASES = [pytest.param(case, id=case["id"]) for case in all_cases() if "call" in case]
SIGNATURES = [pytest.param(case, id=case["id"]) for case in all_cases() if "webhook" in case]


def use(case: dict[str, Any], server: str) -> Any:
    call = case["call"]
    consume, take = call.get("consume", "value"), call.get("take")
    # No certificates are read for a server without TLS: it is most of what a client costs.
    with httpx.Client(verify=False) as http, Understudy(**client_options(case, server), http_client=http) as client:
        arguments, options = positional(arguments_of(call))
        value = method_of(client, call["method"])(*arguments, **options)
        if consume == "page":
            return value.page()
        if consume == "text":
            return value.read() if hasattr(value, "read") else value
        if consume == "value":
            return value
        found = []
        for item in value:
            found.append(item.decision if call["method"] == "predict_many" else item)
            if take is not None and len(found) == take:
                break
        return found


async def use_async(case: dict[str, Any], server: str) -> Any:
    call = case["call"]
    consume, take = call.get("consume", "value"), call.get("take")
    async with httpx.AsyncClient(verify=False) as http:
        client = AsyncUnderstudy(**client_options(case, server), http_client=http)
        arguments, options = positional(arguments_of(call))
        value = method_of(client, call["method"])(*arguments, **options)
        if consume == "page":
            return await value.page()
        if consume == "text":
            return await value.read() if hasattr(value, "read") else await value
        if consume == "value":
            return await value
        found = []
        async for item in value:
            found.append(item.decision if call["method"] == "predict_many" else item)
            if take is not None and len(found) == take:
                break
        return found


@pytest.fixture(scope="session")
def control() -> Iterator[httpx.Client]:
    """Tells the server what comes. One for all: a new one would read the certificates of the world each time."""
    with httpx.Client(verify=False) as client:
        yield client


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any], mode: str, scripted_server: str, control: httpx.Client) -> None:
    control.post(f"{scripted_server}/__case/{case['id']}").raise_for_status()
    value: Any = None
    error: Exception | None = None
    try:
        value = use(case, scripted_server) if mode == "sync" else asyncio.run(use_async(case, scripted_server))
    except Exception as raised:
        error = raised
    problems = judge(case, value, error)
    verdict = control.get(f"{scripted_server}/__verdict").json()
    assert (verdict["problems"], problems) == ([], [])
    assert verdict["ok"] is True


@pytest.mark.parametrize("case", SIGNATURES)
def test_signature(case: dict[str, Any]) -> None:
    value: Any = None
    error: Exception | None = None
    try:
        value = verify(case)
    except Exception as raised:
        error = raised
    assert judge(case, value, error) == []


def test_has_every_method() -> None:
    methods = json.loads((CONFORMANCE / "methods.json").read_text("utf-8"))["methods"]
    for client in (Understudy("http://x"), AsyncUnderstudy("http://x")):
        for name in methods:
            assert callable(method_of(client, name)), name


def test_runs_every_topic() -> None:
    topics = {case["id"].split("/")[0] for case in all_cases()}
    files = {file.stem for file in CONFORMANCE.glob("*.json")} - {"methods", "schema"}
    assert topics == files
