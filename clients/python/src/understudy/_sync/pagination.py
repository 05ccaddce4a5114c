# Derived from understudy._async by scripts/derive_sync.py.
"""Lists as iterators over all their pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, Optional, TypeVar

from pydantic import TypeAdapter, ValidationError

from .._call import Call
from .._page import Page
from ..errors import UnexpectedAnswer
from .transport import Transport

T = TypeVar("T")


class List(Generic[T]):
    """
    All rows of a list, loaded page after page while it is iterated over:

        for task in client.tasks.list(): ...

    `page()` is one page with its `next_cursor`, `pages()` are all of them.
    """

    def __init__(self, transport: Transport, kind: type[T], call: Call, key: str = "data") -> None:
        self._transport = transport
        self._adapter: TypeAdapter[list[T]] = TypeAdapter(list[kind])  # type: ignore[valid-type]
        self._call = call
        self._key = key

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            for row in page.data:
                yield row

    def pages(self) -> Iterator[Page[T]]:
        cursor = self._call.cursor
        while True:
            page = self._load(cursor)
            yield page
            # A server that repeats a cursor would be read for ever.
            if page.next_cursor is None or page.next_cursor == cursor:
                return
            cursor = page.next_cursor

    def page(self) -> Page[T]:
        """The page at `cursor`, or the first."""
        return self._load(self._call.cursor)

    def to_list(self) -> list[T]:
        """All rows at once."""
        return [row for row in self]

    def _load(self, cursor: Optional[str]) -> Page[T]:
        document = self._transport.json(dict[str, Any], self._call.at(cursor))
        next_cursor = document.get("next_cursor")
        try:
            data = self._adapter.validate_python(document.get(self._key) or [])
        except ValidationError:
            data = None
        if data is None or not (next_cursor is None or isinstance(next_cursor, str)):
            raise UnexpectedAnswer(
                f"{self._transport.settings.base_url} answered {self._call.path} with something that is not a list",
                status=200,
                code="unexpected_answer",
            )
        return Page(data, next_cursor)
