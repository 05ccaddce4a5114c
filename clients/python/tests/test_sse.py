from __future__ import annotations

import pytest

from understudy import UnexpectedAnswer
from understudy._sse import EventParser, LineParser, ServerSentEvent

STREAM = (
    '\ufeff: hello\r\nid: 1\r\nevent: progress\r\ndata: {"a":\r\ndata: "ü🙃"}\r\n\r\n'
    "data:two\n\n"
    "retry: 10\rid: 3\rdata: three\r\r"
    "id: a\0b\ndata\n\n"
    "event: nothing\n\n"
    "data: cut off"
).encode()

EVENTS = [
    ServerSentEvent("1", "progress", '{"a":\n"ü🙃"}'),
    ServerSentEvent("1", "message", "two"),
    ServerSentEvent("3", "message", "three"),
    ServerSentEvent("3", "message", ""),
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_events_in_pieces_of_any_size(size: int) -> None:
    parser = EventParser()
    found = [event for at in range(0, len(STREAM), size) for event in parser.feed(STREAM[at : at + size])]
    assert found == EVENTS


def test_an_endless_event_is_refused() -> None:
    parser = EventParser()
    with pytest.raises(UnexpectedAnswer, match="16 MiB"):
        for _ in range(40):
            list(parser.feed(b"data: " + b"x" * 1024 * 1024 + b"\n"))


@pytest.mark.parametrize("size", [1, 2, 100])
def test_lines_in_pieces_of_any_size(size: int) -> None:
    text = '{"a":"ü"}\n\n{"b":1}\n{"c":2}'.encode()
    parser = LineParser()
    found = [line for at in range(0, len(text), size) for line in parser.feed(text[at : at + size])]
    assert found + parser.finish() == ['{"a":"ü"}'.encode(), b'{"b":1}', b'{"c":2}']
    assert parser.finish() == []
