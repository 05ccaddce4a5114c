"""Doors that other services' clients use: `/compat/` and `/openai/v1`."""

from __future__ import annotations

from typing_extensions import Unpack

from ... import models
from ..._call import Call, CallOptions, ChangeOptions, PageOptions, PutOptions, path
from ..._page import Tagged
from ...requests import OpenAiSettingsRequest, PredictRouteRequest
from ..pagination import AsyncList
from ..transport import AsyncTransport


class AsyncPredictRoutes:
    """Somebody else's request and response shape over a task, answered under `/compat/`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def put(self, route: str, definition: PredictRouteRequest, **options: Unpack[PutOptions]) -> models.PredictRoute:
        """Creates or replaces; every gateway goes by it within a second."""
        call = Call("PUT", path("predict-routes", route), json=definition, **options)
        return await self._transport.json(models.PredictRoute, call)

    async def get(self, route: str, **options: Unpack[CallOptions]) -> models.PredictRoute:
        return await self._transport.json(models.PredictRoute, Call("GET", path("predict-routes", route), **options))

    async def get_with_etag(self, route: str, **options: Unpack[CallOptions]) -> Tagged[models.PredictRoute]:
        """The route and its ETag, for an edit that must not overwrite somebody else's."""
        return await self._transport.tagged(models.PredictRoute, Call("GET", path("predict-routes", route), **options))

    def list(self, **options: Unpack[PageOptions]) -> AsyncList[models.PredictRoute]:
        return AsyncList(self._transport, models.PredictRoute, Call("GET", path("predict-routes"), **options))

    async def delete(self, route: str, **options: Unpack[ChangeOptions]) -> None:
        """What was decided stays decided."""
        await self._transport.nothing(Call("DELETE", path("predict-routes", route), **options))


class AsyncOpenAiSettings:
    """How tasks answer under `/openai/v1`: which labels are flagged, and which task is the default one."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def get(self, **options: Unpack[CallOptions]) -> models.OpenAiSettings:
        return await self._transport.json(models.OpenAiSettings, Call("GET", path("openai-settings"), **options))

    async def get_with_etag(self, **options: Unpack[CallOptions]) -> Tagged[models.OpenAiSettings]:
        """The settings and their ETag, for an edit that must not overwrite somebody else's."""
        return await self._transport.tagged(models.OpenAiSettings, Call("GET", path("openai-settings"), **options))

    async def put(self, settings: OpenAiSettingsRequest, **options: Unpack[ChangeOptions]) -> models.OpenAiSettings:
        """Replaces them all."""
        call = Call("PUT", path("openai-settings"), json=settings, **options)
        return await self._transport.json(models.OpenAiSettings, call)
