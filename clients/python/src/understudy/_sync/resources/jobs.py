# Derived from understudy._async by scripts/derive_sync.py.
"""Decisions that are made later, and the work that failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable, Literal, Optional

from typing_extensions import Unpack

from ... import models
from ..._call import Call, CallOptions, ChangeOptions, IdempotentOptions, PageOptions, PutOptions, given, path
from ..._page import Followed, Tagged
from ...requests import DeadLetterReplayRequest, JobRequest, SourceRequest
from ..follow import follow, is_over
from ..pagination import List
from ..transport import Transport


class Jobs:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, request: JobRequest, **options: Unpack[IdempotentOptions]) -> models.JobSummary:
        """Hands over one `input`, or up to 10,000 `items`. Accepted means durable: it is decided whatever crashes."""
        return self._transport.json(
            models.JobSummary, Call("POST", path("jobs"), json=request, idempotent=True, **options)
        )

    def list(
        self,
        *,
        status: Optional[Literal["queued", "running", "succeeded", "failed", "cancelled"]] = None,
        task: Optional[str] = None,
        **options: Unpack[PageOptions],
    ) -> List[models.JobSummary]:
        """Newest first."""
        query = {"status": status, "task": task}
        return List(self._transport, models.JobSummary, Call("GET", path("jobs"), query=query, **options))

    def queues(self, **options: Unpack[CallOptions]) -> models.JobQueues:
        """How much waits, task by task."""
        return self._transport.json(models.JobQueues, Call("GET", path("jobs", "queues"), **options))

    def get(self, id: str, **options: Unpack[PageOptions]) -> models.Job:
        """With its `decision`; of a job with items, with a page of `decisions`."""
        return self._transport.json(models.Job, Call("GET", path("jobs", id), **options))

    def decisions(self, id: str, **options: Unpack[PageOptions]) -> List[models.JobDecision]:
        """All items of a job with many, in order."""
        options = {"limit": 200, **options}
        return List(self._transport, models.JobDecision, Call("GET", path("jobs", id), **options), "decisions")

    def cancel(self, id: str, **options: Unpack[IdempotentOptions]) -> models.JobSummary:
        """Ends the job. Again, it answers the same; of one that has its result, `job_finished`."""
        return self._transport.json(
            models.JobSummary, Call("POST", path("jobs", id, "cancel"), idempotent=True, **options)
        )

    def events(
        self, id: str, *, last_event_id: str = "", **options: Unpack[CallOptions]
    ) -> Iterator[Followed[models.JobSummary]]:
        """
        The job now and after every change until it is over. A dropped connection is taken up again behind the last
        event; it fails only when nothing comes over several attempts in a row.
        """
        return follow(self._transport, models.JobSummary, Call("GET", path("jobs", id), **options), last_event_id)

    def wait(
        self, id: str, *, on_progress: Optional[Callable[[models.JobSummary], None]] = None, **options: Unpack[CallOptions]
    ) -> models.Job:
        """Follows the job to its end; a failed or cancelled job is a result, not an error."""
        for event in self.events(id, **options):
            if on_progress is not None:
                on_progress(event.data)
            if is_over(event.data):
                break
        return self.get(id, **options)


class DeadLetters:
    """What was given up: work that ran out of attempts, and work that can never succeed as it is."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        kind: Optional[str] = None,
        state: Optional[str] = None,
        task: Optional[str] = None,
        origin: Optional[str] = None,
        **options: Unpack[PageOptions],
    ) -> List[models.DeadLetterSummary]:
        """Newest first. `origin`: `job`, `source` or `outgoing`, or one of them: `job:job_…`."""
        query = {"kind": kind, "state": state, "task": task, "origin": origin}
        return List(
            self._transport, models.DeadLetterSummary, Call("GET", path("dead-letters"), query=query, **options)
        )

    def get(self, id: str, **options: Unpack[CallOptions]) -> models.DeadLetter:
        """With its original bytes, its headers and every attempt."""
        return self._transport.json(models.DeadLetter, Call("GET", path("dead-letters", id), **options))

    def replay(
        self, request: DeadLetterReplayRequest, **options: Unpack[IdempotentOptions]
    ) -> models.DeadLetterReplay:
        """Sends letters on their way again: those named, some of them edited, or those that match."""
        call = Call("POST", path("dead-letters", "replay"), json=request, idempotent=True, **options)
        return self._transport.json(models.DeadLetterReplay, call)

    def discard(
        self, id: str, *, reason: Optional[str] = None, **options: Unpack[IdempotentOptions]
    ) -> models.DeadLetterSummary:
        """Gives a letter up for good: its bytes are dropped."""
        call = Call("POST", path("dead-letters", id, "discard"), json=given(reason=reason), idempotent=True, **options)
        return self._transport.json(models.DeadLetterSummary, call)


class Sources:
    """Items taken from the application's own broker, or from `events.send`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def put(self, source: str, definition: SourceRequest, **options: Unpack[PutOptions]) -> models.Source:
        """Creates or replaces; every worker goes by it within two seconds."""
        return self._transport.json(models.Source, Call("PUT", path("sources", source), json=definition, **options))

    def get(self, source: str, **options: Unpack[CallOptions]) -> models.Source:
        """With its state, its lag, what it has done, and why it fails if it does."""
        return self._transport.json(models.Source, Call("GET", path("sources", source), **options))

    def get_with_etag(self, source: str, **options: Unpack[CallOptions]) -> Tagged[models.Source]:
        """The source and its ETag, for an edit that must not overwrite somebody else's."""
        return self._transport.tagged(models.Source, Call("GET", path("sources", source), **options))

    def list(self, **options: Unpack[PageOptions]) -> List[models.Source]:
        return List(self._transport, models.Source, Call("GET", path("sources"), **options))

    def delete(self, source: str, **options: Unpack[ChangeOptions]) -> None:
        """What waits in the broker stays there."""
        self._transport.nothing(Call("DELETE", path("sources", source), **options))

    def pause(self, source: str, **options: Unpack[CallOptions]) -> models.Source:
        return self._transport.json(models.Source, Call("POST", path("sources", source, "pause"), **options))

    def resume(self, source: str, **options: Unpack[CallOptions]) -> models.Source:
        return self._transport.json(models.Source, Call("POST", path("sources", source, "resume"), **options))
