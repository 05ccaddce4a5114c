"""A key that is in no repr, traceback of local variables, or pickle."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import NoReturn

import httpx


class Secret(httpx.Auth):
    """Puts the key into requests, and shows it nowhere else."""

    __slots__ = ("_reveal",)

    def __init__(self, key: str) -> None:
        def reveal() -> str:
            return key

        self._reveal: Callable[[], str] = reveal

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["authorization"] = f"Bearer {self._reveal()}"
        yield request

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client holds a key and connections: make one where you need it, do not pickle it")
