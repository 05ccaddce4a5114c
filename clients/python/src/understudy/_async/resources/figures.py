"""Quality, alerts, value and the ledger: what the automation does, and the evidence for it."""

from __future__ import annotations

import json as json_
from typing import Callable, Literal, Optional

from typing_extensions import Unpack

from ... import models
from ..._call import Call, CallOptions, IdempotentOptions, PageOptions, given, path
from ..._sse import LineParser
from ...errors import ConnectionFailed, UnexpectedAnswer
from ..download import AsyncDownload
from ..pagination import AsyncList
from ..transport import AsyncTransport

#: While the server reads the ledger, it says something at least this often.
LONGEST_SILENCE = 120.0


class AsyncQuality:
    """Live quality, from the ledger."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def task(
        self,
        task: str,
        *,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        by: Optional[Literal["label", "model_version", "reason", "band", "day", "hour"]] = None,
        interval: Optional[Literal["anytime", "fixed"]] = None,
        confidence: Optional[float] = None,
        **options: Unpack[CallOptions],
    ) -> models.Quality:
        """
        Audited error, precision, recall and F1 a label, rates, latency, confidence.

        :param from_: RFC 3339; rounded to whole hours. Default: the last 30 days.
        :param interval: `anytime` (default) holds however often it is looked at; `fixed` is shorter, for one look.
        """
        query = {"from": from_, "to": to, "by": by, "interval": interval, "confidence": confidence}
        return await self._transport.json(
            models.Quality, Call("GET", path("tasks", task, "quality"), query=query, **options)
        )

    async def overview(
        self,
        *,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        bucket: Optional[Literal["ten_seconds", "minute", "hour", "day", "week", "month"]] = None,
        interval: Optional[Literal["anytime", "fixed"]] = None,
        **options: Unpack[CallOptions],
    ) -> models.Overview:
        """All tasks and their total over time. `minute` and `ten_seconds` are for windows up to 6 hours and 1 hour."""
        query = {"from": from_, "to": to, "bucket": bucket, "interval": interval}
        return await self._transport.json(models.Overview, Call("GET", path("overview"), query=query, **options))


class AsyncAlerts:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    def list(
        self, *, task: Optional[str] = None, open: Optional[bool] = None, **options: Unpack[PageOptions]
    ) -> AsyncList[models.Alert]:
        """Newest first."""
        query = {"task": task, "open": open}
        return AsyncList(self._transport, models.Alert, Call("GET", path("alerts"), query=query, **options))

    async def get(self, id: str, **options: Unpack[CallOptions]) -> models.Alert:
        return await self._transport.json(models.Alert, Call("GET", path("alerts", id), **options))

    async def acknowledge(
        self, id: str, *, note: Optional[str] = None, **options: Unpack[IdempotentOptions]
    ) -> models.Alert:
        """Says that somebody has seen it; it stays open until its cause is gone."""
        call = Call("POST", path("alerts", id, "acknowledge"), json=given(note=note), idempotent=True, **options)
        return await self._transport.json(models.Alert, call)


class AsyncValue:
    """What automation saves. Windows are RFC 3339 times, rounded to the hour; default: from the first decision to now."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def report(
        self,
        *,
        task: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        bucket: Optional[Literal["hour", "day", "week", "month"]] = None,
        **options: Unpack[CallOptions],
    ) -> models.ValueReport:
        """Automation, error, cost and savings of a window, in total, by task and over time."""
        query = {"task": task, "from": from_, "to": to, "bucket": bucket}
        return await self._transport.json(models.ValueReport, Call("GET", path("value"), query=query, **options))

    def csv(
        self,
        *,
        task: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        bucket: Optional[Literal["hour", "day", "week", "month"]] = None,
        **options: Unpack[CallOptions],
    ) -> AsyncDownload:
        """The same figures as a table: a line in total, one a task, one a stretch of time."""
        query = {"task": task, "from": from_, "to": to, "bucket": bucket, "format": "csv"}
        return AsyncDownload(self._transport, Call("GET", path("value"), query=query, accept="text/csv", **options))

    def page(
        self,
        *,
        task: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        bucket: Optional[Literal["hour", "day", "week", "month"]] = None,
        **options: Unpack[CallOptions],
    ) -> AsyncDownload:
        """The same figures as a page to print, with method and evidence in plain words."""
        query = {"task": task, "from": from_, "to": to, "bucket": bucket}
        call = Call("GET", path("value", "report"), query=query, accept="text/html", **options)
        return AsyncDownload(self._transport, call)

    def export(
        self,
        *,
        task: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        bucket: Optional[Literal["hour", "day", "week", "month"]] = None,
        **options: Unpack[CallOptions],
    ) -> AsyncDownload:
        """The report with every ledger row that it rests on, as NDJSON."""
        query = {"task": task, "from": from_, "to": to, "bucket": bucket}
        call = Call("GET", path("value", "export"), query=query, accept="application/x-ndjson", **options)
        return AsyncDownload(self._transport, call, LONGEST_SILENCE)


class AsyncLedger:
    """The tamper-evident log of all decisions."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def head(self, **options: Unpack[CallOptions]) -> models.LedgerHead:
        return await self._transport.json(models.LedgerHead, Call("GET", path("ledger", "head"), **options))

    async def proof(self, decision: str, **options: Unpack[CallOptions]) -> models.LedgerProof:
        """That this decision stands in the ledger."""
        call = Call("GET", path("ledger", "proof"), query={"decision": decision}, **options)
        return await self._transport.json(models.LedgerProof, call)

    async def consistency(
        self, from_: int, to: Optional[int] = None, **options: Unpack[CallOptions]
    ) -> models.LedgerConsistency:
        """That the log of size `to` (default: now) begins with that of size `from_`."""
        call = Call("GET", path("ledger", "consistency"), query={"from": from_, "to": to}, **options)
        return await self._transport.json(models.LedgerConsistency, call)

    def export(self, **options: Unpack[CallOptions]) -> AsyncDownload:
        """Everything that was hashed, as NDJSON: enough to verify the ledger without the server."""
        call = Call("GET", path("ledger", "export"), accept="application/x-ndjson", **options)
        return AsyncDownload(self._transport, call)

    async def verify(
        self,
        *,
        trusted: Optional[tuple[int, str]] = None,
        on_progress: Optional[Callable[[int, int], None]] = None,
        **options: Unpack[CallOptions],
    ) -> models.VerifyLineReport:
        """
        Has the server read and hash every row again. Damage is a result, not an error.

        :param trusted: size and head that you kept: the log must have passed it.
        :param on_progress: is told rows done, and all.
        """
        query = {"trusted": None if trusted is None else f"{trusted[0]}:{trusted[1]}"}
        call = Call("GET", path("ledger", "verify"), query=query, accept="application/x-ndjson", **options)
        parser = LineParser()
        report: Optional[models.VerifyLineReport] = None
        async with self._transport.stream(call, LONGEST_SILENCE) as pieces:
            async for piece in pieces:
                for line in parser.feed(piece):
                    report = _told(line, on_progress) or report
        for line in parser.finish():
            report = _told(line, on_progress) or report
        if report is None:
            raise ConnectionFailed("the verification broke off before its report", code="connection_failed")
        return report


def _told(line: bytes, on_progress: Optional[Callable[[int, int], None]]) -> Optional[models.VerifyLineReport]:
    try:
        said = models.VerifyLine.model_validate(json_.loads(line))
    except ValueError:
        raise UnexpectedAnswer("a line of the verification is not JSON", status=200, code="unexpected_answer") from None
    if said.progress is not None and on_progress is not None:
        on_progress(int(said.progress.done), int(said.progress.total))
    return said.report
