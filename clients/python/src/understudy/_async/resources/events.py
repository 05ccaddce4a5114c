"""What happened in the workspace, in order, and events of yours to be decided."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Optional

from typing_extensions import Unpack

from ... import _json, models
from ..._call import Body, Call, CallOptions, path
from ..transport import AsyncTransport


class AsyncEvents:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def list(
        self, *, after: Optional[str] = None, limit: Optional[int] = None, **options: Unpack[CallOptions]
    ) -> models.EventList:
        """Events after the one with the id `after`; `next_cursor` is the `after` of the next call."""
        query = {"after": after, "limit": limit}
        return await self._transport.json(models.EventList, Call("GET", path("events"), query=query, **options))

    async def send(
        self, events: Sequence[Mapping[str, Any]], *, source: Optional[str] = None, **options: Unpack[CallOptions]
    ) -> models.EventReceipts:
        """
        Sends 1…200 CloudEvents (`id`, `source`, `type`, `data`) to be decided, each once by its `source` and `id`: the
        call may be repeated. The source of the bus `http` whose `topic` is the event's `type` takes it, or the one that
        is named. Raises when none was taken.
        """
        batch = _json.dumps([{"specversion": "1.0", **event} for event in events])
        call = Call(
            "POST",
            path("events"),
            query={"source": source},
            body=Body(lambda: batch, repeatable=True),
            content_type="application/cloudevents-batch+json",
            **options,
        )
        return await self._transport.json(models.EventReceipts, call)

    async def follow(
        self, *, after: Optional[str] = None, every: float = 1.0, **options: Unpack[CallOptions]
    ) -> AsyncIterator[models.Event]:
        """Follows the log for ever: events that are there, then new ones, looked for every so many seconds."""
        while True:
            page = await self.list(after=after, **options)
            for event in page.data:
                yield event
            after = page.next_cursor or after
            if not page.data:
                await self._transport.sleep(every)
