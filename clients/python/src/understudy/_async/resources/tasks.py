"""Tasks, and what may decide them."""

from __future__ import annotations

from typing import Optional

from typing_extensions import Unpack

from ... import models
from ..._call import Call, CallOptions, ChangeOptions, IdempotentOptions, PageOptions, PutOptions, path
from ..._page import Tagged
from ...requests import TaskDefinition
from ..pagination import AsyncList
from ..transport import AsyncTransport


class AsyncTasks:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def put(self, task: str, definition: TaskDefinition, **options: Unpack[PutOptions]) -> models.Task:
        """Creates or replaces."""
        return await self._transport.json(models.Task, Call("PUT", path("tasks", task), json=definition, **options))

    async def get(self, task: str, **options: Unpack[CallOptions]) -> models.Task:
        return await self._transport.json(models.Task, Call("GET", path("tasks", task), **options))

    async def get_with_etag(self, task: str, **options: Unpack[CallOptions]) -> Tagged[models.Task]:
        """The task and its ETag, for an edit that must not overwrite somebody else's: `put(…, if_match=etag)`."""
        return await self._transport.tagged(models.Task, Call("GET", path("tasks", task), **options))

    def list(self, **options: Unpack[PageOptions]) -> AsyncList[models.Task]:
        return AsyncList(self._transport, models.Task, Call("GET", path("tasks"), **options))

    async def delete(self, task: str, **options: Unpack[ChangeOptions]) -> None:
        """Its decisions stay."""
        await self._transport.nothing(Call("DELETE", path("tasks", task), **options))


class AsyncCertification:
    """How far a model may answer alone, and the proof of it."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(self, task: str, **options: Unpack[CallOptions]) -> models.Certification:
        """What allows the model in use to answer alone, or why nothing does."""
        return await self._transport.json(models.Certification, Call("GET", path("tasks", task, "certification"), **options))

    async def renew(self, task: str, **options: Unpack[IdempotentOptions]) -> models.Certification:
        """Certifies the model in use again, on the labels as they stand. Takes as long as scoring them does."""
        options = {"timeout": 300.0, "total_timeout": 600.0, **options}
        call = Call("POST", path("tasks", task, "certification"), json={}, idempotent=True, **options)
        return await self._transport.json(models.Certification, call)

    async def preview(
        self,
        task: str,
        *,
        max_error: Optional[float] = None,
        confidence: Optional[float] = None,
        **options: Unpack[CallOptions],
    ) -> models.CertificationPreview:
        """What to expect of other error budgets, before one is confirmed; changes nothing."""
        query = {"max_error": max_error, "confidence": confidence}
        call = Call("GET", path("tasks", task, "certification", "preview"), query=query, **options)
        return await self._transport.json(models.CertificationPreview, call)


class AsyncRetraining:
    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(self, task: str, **options: Unpack[CallOptions]) -> models.Retraining:
        """When the task is trained again by itself, what that waits for, and how the last run ended."""
        return await self._transport.json(models.Retraining, Call("GET", path("tasks", task, "retraining"), **options))
