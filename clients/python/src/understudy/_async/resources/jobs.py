"""Decisions that are made later, and the work that failed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Callable, Literal, Optional

from typing_extensions import Unpack

from ... import models
from ..._call import Call, CallOptions, ChangeOptions, IdempotentOptions, PageOptions, PutOptions, given, path
from ..._page import Followed, Tagged
from ...requests import DeadLetterReplayRequest, JobRequest, SourceRequest
from ..follow import follow, is_over
from ..pagination import AsyncList
from ..transport import AsyncTransport


class AsyncJobs:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(self, request: JobRequest, **options: Unpack[IdempotentOptions]) -> models.JobSummary:
        """Hands over one `input`, or up to 10,000 `items`. Accepted means durable: it is decided whatever crashes."""
        return await self._transport.json(
            models.JobSummary, Call("POST", path("jobs"), json=request, idempotent=True, **options)
        )

    def list(
        self,
        *,
        status: Optional[Literal["queued", "running", "succeeded", "failed", "cancelled"]] = None,
        task: Optional[str] = None,
        **options: Unpack[PageOptions],
    ) -> AsyncList[models.JobSummary]:
        """Newest first."""
        query = {"status": status, "task": task}
        return AsyncList(self._transport, models.JobSummary, Call("GET", path("jobs"), query=query, **options))

    async def queues(self, **options: Unpack[CallOptions]) -> models.JobQueues:
        """How much waits, task by task."""
        return await self._transport.json(models.JobQueues, Call("GET", path("jobs", "queues"), **options))

    async def get(self, id: str, **options: Unpack[PageOptions]) -> models.Job:
        """With its `decision`; of a job with items, with a page of `decisions`."""
        return await self._transport.json(models.Job, Call("GET", path("jobs", id), **options))

    def decisions(self, id: str, **options: Unpack[PageOptions]) -> AsyncList[models.JobDecision]:
        """All items of a job with many, in order."""
        options = {"limit": 200, **options}
        return AsyncList(self._transport, models.JobDecision, Call("GET", path("jobs", id), **options), "decisions")

    async def cancel(self, id: str, **options: Unpack[IdempotentOptions]) -> models.JobSummary:
        """Ends the job. Again, it answers the same; of one that has its result, `job_finished`."""
        return await self._transport.json(
            models.JobSummary, Call("POST", path("jobs", id, "cancel"), idempotent=True, **options)
        )

    def events(
        self, id: str, *, last_event_id: str = "", **options: Unpack[CallOptions]
    ) -> AsyncIterator[Followed[models.JobSummary]]:
        """
        The job now and after every change until it is over. A dropped connection is taken up again behind the last
        event; it fails only when nothing comes over several attempts in a row.
        """
        return follow(self._transport, models.JobSummary, Call("GET", path("jobs", id), **options), last_event_id)

    async def wait(
        self, id: str, *, on_progress: Optional[Callable[[models.JobSummary], None]] = None, **options: Unpack[CallOptions]
    ) -> models.Job:
        """Follows the job to its end; a failed or cancelled job is a result, not an error."""
        async for event in self.events(id, **options):
            if on_progress is not None:
                on_progress(event.data)
            if is_over(event.data):
                break
        return await self.get(id, **options)


class AsyncDeadLetters:
    """What was given up: work that ran out of attempts, and work that can never succeed as it is."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        kind: Optional[str] = None,
        state: Optional[str] = None,
        task: Optional[str] = None,
        origin: Optional[str] = None,
        **options: Unpack[PageOptions],
    ) -> AsyncList[models.DeadLetterSummary]:
        """Newest first. `origin`: `job`, `source` or `outgoing`, or one of them: `job:job_…`."""
        query = {"kind": kind, "state": state, "task": task, "origin": origin}
        return AsyncList(
            self._transport, models.DeadLetterSummary, Call("GET", path("dead-letters"), query=query, **options)
        )

    async def get(self, id: str, **options: Unpack[CallOptions]) -> models.DeadLetter:
        """With its original bytes, its headers and every attempt."""
        return await self._transport.json(models.DeadLetter, Call("GET", path("dead-letters", id), **options))

    async def replay(
        self, request: DeadLetterReplayRequest, **options: Unpack[IdempotentOptions]
    ) -> models.DeadLetterReplay:
        """Sends letters on their way again: those named, some of them edited, or those that match."""
        call = Call("POST", path("dead-letters", "replay"), json=request, idempotent=True, **options)
        return await self._transport.json(models.DeadLetterReplay, call)

    async def discard(
        self, id: str, *, reason: Optional[str] = None, **options: Unpack[IdempotentOptions]
    ) -> models.DeadLetterSummary:
        """Gives a letter up for good: its bytes are dropped."""
        call = Call("POST", path("dead-letters", id, "discard"), json=given(reason=reason), idempotent=True, **options)
        return await self._transport.json(models.DeadLetterSummary, call)


class AsyncSources:
    """Items taken from the application's own broker, or from `events.send`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def put(self, source: str, definition: SourceRequest, **options: Unpack[PutOptions]) -> models.Source:
        """Creates or replaces; every worker goes by it within two seconds."""
        return await self._transport.json(models.Source, Call("PUT", path("sources", source), json=definition, **options))

    async def get(self, source: str, **options: Unpack[CallOptions]) -> models.Source:
        """With its state, its lag, what it has done, and why it fails if it does."""
        return await self._transport.json(models.Source, Call("GET", path("sources", source), **options))

    async def get_with_etag(self, source: str, **options: Unpack[CallOptions]) -> Tagged[models.Source]:
        """The source and its ETag, for an edit that must not overwrite somebody else's."""
        return await self._transport.tagged(models.Source, Call("GET", path("sources", source), **options))

    def list(self, **options: Unpack[PageOptions]) -> AsyncList[models.Source]:
        return AsyncList(self._transport, models.Source, Call("GET", path("sources"), **options))

    async def delete(self, source: str, **options: Unpack[ChangeOptions]) -> None:
        """What waits in the broker stays there."""
        await self._transport.nothing(Call("DELETE", path("sources", source), **options))

    async def pause(self, source: str, **options: Unpack[CallOptions]) -> models.Source:
        return await self._transport.json(models.Source, Call("POST", path("sources", source, "pause"), **options))

    async def resume(self, source: str, **options: Unpack[CallOptions]) -> models.Source:
        return await self._transport.json(models.Source, Call("POST", path("sources", source, "resume"), **options))
