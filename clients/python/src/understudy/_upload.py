"""Rows and bytes as a stream of pieces, made no faster than they are taken."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Callable, Optional, Union

from pydantic import BaseModel

from . import _json
from ._frames import is_frame, rows_of

#: Large enough to be cheap, small enough that progress moves.
PIECE = 64 * 1024

CONTENT_TYPES = {"ndjson": "application/x-ndjson", "csv": "text/csv", "json": "application/json"}


class Encoder:
    """Joins rows to lines and bytes to pieces, and compresses them; one a body."""

    def __init__(self, gzip: bool, on_progress: Optional[Callable[[int], None]]) -> None:
        self._gzip = zlib.compressobj(wbits=31) if gzip else None
        self._on_progress = on_progress
        self._pending = bytearray()
        self._done = 0

    def add(self, row: Any) -> bytes:
        """What can be sent after this row or these bytes; often nothing yet."""
        if isinstance(row, (bytes, bytearray, memoryview)):
            self._pending += row
        elif isinstance(row, str):
            self._pending += row.encode("utf-8")
        elif isinstance(row, (Mapping, BaseModel)):
            self._pending += _json.dumps(row)
            self._pending += b"\n"
        else:
            raise TypeError(f"a row is a mapping, text or bytes, not a {type(row).__name__}")
        return self._take() if len(self._pending) >= PIECE else b""

    def finish(self) -> bytes:
        rest = self._take()
        return rest + self._gzip.flush() if self._gzip is not None else rest

    def _take(self) -> bytes:
        piece = bytes(self._pending)
        self._pending.clear()
        self._done += len(piece)
        if piece and self._on_progress is not None:
            self._on_progress(self._done)
        return self._gzip.compress(piece) if self._gzip is not None else piece


def is_repeatable(source: Any) -> bool:
    """Whether it can be read from its beginning again."""
    return isinstance(source, (str, bytes, bytearray, memoryview, Path, list, tuple)) or callable(source) or is_frame(source)


def items_of(source: Any) -> Any:
    """What iterates over the rows or bytes of a source, anew for those that are repeatable."""
    opened = source() if callable(source) and not is_frame(source) else source
    if is_frame(opened):
        return rows_of(opened)
    if isinstance(opened, Path):
        return _pieces_of_file(opened)
    if isinstance(opened, (str, bytes, bytearray, memoryview)):
        return _pieces(opened)
    if isinstance(opened, Mapping):
        raise TypeError("one row is not rows: put it into a list")
    if hasattr(opened, "read"):
        return _pieces_of(opened)
    return opened


def _pieces(data: Union[str, bytes, bytearray, memoryview]) -> Iterator[bytes]:
    whole = memoryview(data.encode("utf-8") if isinstance(data, str) else data)
    for at in range(0, len(whole), PIECE):
        yield bytes(whole[at : at + PIECE])


def _pieces_of(file: BinaryIO) -> Iterator[Union[bytes, str]]:
    while True:
        piece = file.read(PIECE)
        if not piece:
            return
        yield piece


def _pieces_of_file(name: Path) -> Iterable[Union[bytes, str]]:
    with name.open("rb") as file:
        yield from _pieces_of(file)
