"""Server-Sent Events, without any input or output of its own."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Optional

from .errors import UnexpectedAnswer

LONGEST_EVENT = 16 * 1024 * 1024

_LINE_END = re.compile(r"\r\n|\n|\r(?!\Z)")  # a CR at the very end may be the first half of CRLF


@dataclass(frozen=True)
class ServerSentEvent:
    #: The last id seen so far; empty when the stream never gave one.
    id: str
    event: str
    data: str


class EventParser:
    """
    Parses an event stream (WHATWG HTML, 9.2.6). An event that the end of the stream cuts off is dropped, as the
    standard says.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""
        self._begun = False
        self._id = ""
        self._event = ""
        self._data: list[str] = []
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent]:
        """The events that these bytes complete. Raises UnexpectedAnswer for one larger than 16 MiB."""
        self._pending += self._decoder.decode(chunk)
        if not self._begun and self._pending != "":
            self._pending = self._pending[1:] if self._pending[0] == "\ufeff" else self._pending
            self._begun = True
        if len(self._pending) + self._size > LONGEST_EVENT:
            raise UnexpectedAnswer("an event is larger than 16 MiB", status=200, code="unexpected_answer")
        *lines, self._pending = _LINE_END.split(self._pending)
        for line in lines:
            event = self._line(line)
            if event is not None:
                yield event

    def _line(self, line: str) -> Optional[ServerSentEvent]:
        if line == "":
            data, event = self._data, self._event
            self._data, self._event, self._size = [], "", 0
            return ServerSentEvent(self._id, event or "message", "\n".join(data)) if data else None
        field, _, content = line.partition(":")
        content = content[1:] if content.startswith(" ") else content
        if field == "data":
            self._data.append(content)
            self._size += len(content)
        elif field == "event":
            self._event = content
        elif field == "id" and "\0" not in content:
            self._id = content
        return None


class LineParser:
    """The lines of a stream of bytes; the last one may lack its line break."""

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        *lines, self._pending = (self._pending + chunk).split(b"\n")
        return [line for line in lines if line.strip() != b""]

    def finish(self) -> list[bytes]:
        last, self._pending = self._pending, b""
        return [last] if last.strip() != b"" else []
