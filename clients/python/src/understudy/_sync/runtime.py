"""The few things that waiting and threads do differently. Written twice; everything else is derived."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Callable, Generic, Optional, TypeVar

T = TypeVar("T")

sleep = time.sleep


@contextlib.contextmanager
def time_limit(seconds: Optional[float]) -> Iterator[None]:
    """Nothing can interrupt a thread: the limits of the connection, and looks at the clock between reads, do it here."""
    yield


def iterate(source: Any) -> Iterator[Any]:
    return iter(source)


class Pending(Generic[T]):
    def __init__(self, future: Future[T]) -> None:
        self._future = future

    def result(self) -> T:
        return self._future.result()


class Crew:
    """Runs a few calls at a time."""

    def __init__(self, size: int) -> None:
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="understudy")

    def start(self, function: Callable[..., T], *args: Any) -> Pending[T]:
        return Pending(self._pool.submit(function, *args))

    def close(self) -> None:
        """Begins nothing any more; what is on its way ends by itself, and nobody waits for it."""
        self._pool.shutdown(wait=False, cancel_futures=True)
