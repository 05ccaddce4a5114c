"""Jobs and training runs, followed to their end."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TypeVar

from .._call import Call
from .._model import BaseAnswer
from .._page import Followed
from .._retry import is_retryable
from .._sse import EventParser
from ..errors import ConnectionFailed, TimeLimitExceeded, UnderstudyError, UnexpectedAnswer
from .transport import AsyncTransport

M = TypeVar("M", bound=BaseAnswer)

#: The server sends a comment every 15 s; three missed mean that nobody is there.
LONGEST_SILENCE = 45.0


def is_over(state: BaseAnswer) -> bool:
    """Whether a job or a run has its end."""
    return getattr(state, "status", None) in ("succeeded", "failed", "cancelled")


async def follow(transport: AsyncTransport, kind: type[M], call: Call, last: str = "") -> AsyncIterator[Followed[M]]:
    """
    What `call` gets, now and after every change until it is over; its events are at `<path>/events`. A dropped
    connection is taken up again behind the last event; it fails only when nothing comes over several attempts in a row.
    """
    fruitless = 0
    while True:
        headers = {"last-event-id": last} if last else {}
        events = replace(call, path=f"{call.path}/events", accept="text/event-stream", headers=headers)
        try:
            async with transport.stream(events, LONGEST_SILENCE) as pieces:
                parser = EventParser()
                async for piece in pieces:
                    for event in parser.feed(piece):
                        state = _state_of(kind, event.data)
                        last = event.id
                        fruitless = 0
                        yield Followed(event.id, event.event, state)
                        if is_over(state):
                            return
            # Ended behind the last event, e.g. when it was the final one that the caller had seen already.
            if last and is_over(await transport.json(kind, call)):
                return
        except UnderstudyError as error:
            if not _may_resume(error) or fruitless >= transport.max_retries(call):
                raise
        fruitless += 1
        if fruitless > transport.max_retries(call):
            detail = f"the events of {call.path} broke off {fruitless} times without a new one"
            raise ConnectionFailed(detail, code="connection_failed")
        await transport.pause(fruitless)


def _may_resume(error: UnderstudyError) -> bool:
    return isinstance(error, (ConnectionFailed, TimeLimitExceeded)) or is_retryable(error.status, error.code)


def _state_of(kind: type[M], data: str) -> M:
    try:
        return kind.model_validate(json.loads(data))
    except ValueError:
        pass
    raise UnexpectedAnswer("an event is not what the API promises", status=200, code="unexpected_answer")
