"""The few things that waiting and threads do differently. Written twice; everything else is derived."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Iterator
from typing import Any, Callable, Generic, Optional, TypeVar

import anyio

T = TypeVar("T")

sleep = anyio.sleep


@contextlib.contextmanager
def time_limit(seconds: Optional[float]) -> Iterator[None]:
    """Raises TimeoutError after so many seconds, wherever the call then waits."""
    with anyio.fail_after(seconds):
        yield


async def iterate(source: Any) -> AsyncIterator[Any]:
    """Over anything that iterates, asynchronously or not."""
    if hasattr(source, "__aiter__"):
        async for item in source:
            yield item
    else:
        for item in source:
            yield item


class Pending(Generic[T]):
    def __init__(self, task: asyncio.Task[T]) -> None:
        self._task = task

    async def result(self) -> T:
        return await self._task


class Crew:
    """Runs a few calls at a time."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, function: Callable[..., Coroutine[Any, Any, T]], *args: Any) -> Pending[T]:
        task = asyncio.ensure_future(function(*args))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return Pending(task)

    async def close(self) -> None:
        """Ends what still runs; nobody waits for it any more."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
