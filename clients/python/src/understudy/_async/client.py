"""The door to the HTTP API."""

from __future__ import annotations

from types import TracebackType
from typing import Optional

import httpx
from typing_extensions import Self, Unpack

from .._call import Call, CallOptions, checked_base_url, checked_key, path
from .._secret import Secret
from .._version import VERSION
from ..models import Me
from .resources.compatibility import AsyncOpenAiSettings, AsyncPredictRoutes
from .resources.decisions import AsyncDecisions, AsyncTrails
from .resources.events import AsyncEvents
from .resources.examples import AsyncDatasets, AsyncExamples
from .resources.figures import AsyncAlerts, AsyncLedger, AsyncQuality, AsyncValue
from .resources.health import AsyncHealth
from .resources.identity import (
    AsyncAuditLog,
    AsyncBackups,
    AsyncKeys,
    AsyncMembers,
    AsyncSession,
    AsyncWorkspaces,
)
from .resources.jobs import AsyncDeadLetters, AsyncJobs, AsyncSources
from .resources.predictions import AsyncPredictions
from .resources.review import AsyncReview
from .resources.tasks import AsyncCertification, AsyncRetraining, AsyncTasks
from .resources.training import AsyncModels, AsyncReplays, AsyncTrainingRuns
from .resources.webhooks import AsyncWebhooks
from .transport import AsyncTransport, Settings


class AsyncUnderstudy:
    """
    The Understudy HTTP API. One instance serves a whole process; close it, or use it in a `with`, to close its
    connections.

        async with AsyncUnderstudy("http://127.0.0.1:8080", api_key="us_…") as client:
            decision = await client.predict("comment-moderation", "Buy cheap watches")
    """

    def __init__(
        self,
        base_url: str,
        api_key: Optional[str] = None,
        *,
        timeout: float = 30.0,
        total_timeout: Optional[float] = 120.0,
        max_retries: int = 3,
        user_agent: Optional[str] = None,
        http_client: Optional[httpx.AsyncClient] = None,
    ) -> None:
        """
        :param base_url: e.g. `http://127.0.0.1:8080`.
        :param api_key: a workspace's key (`us_…`), or the operator's for `workspaces`.
        :param timeout: seconds that one attempt may take; for uploads and streams, the longest silence.
        :param total_timeout: seconds that a call may take with all repeats; None = no limit. Uploads and streams have none.
        :param max_retries: repeats after the first attempt.
        :param user_agent: put before ours, e.g. `my-shop/1.4`.
        :param http_client: one of yours, e.g. with a proxy or a certificate; you close it. Default: httpx's own settings,
            which honour `HTTPS_PROXY`, `NO_PROXY` and `SSL_CERT_FILE`.
        :raises ValueError: the URL or the key cannot be sent at all.
        """
        self._owns_http = http_client is None
        self._transport = AsyncTransport(
            Settings(
                base_url=checked_base_url(base_url),
                key=None if api_key is None else Secret(checked_key(api_key)),
                timeout=timeout,
                total_timeout=total_timeout,
                max_retries=max_retries,
                user_agent=f"{user_agent + ' ' if user_agent else ''}understudy-python/{VERSION}",
            ),
            http_client or httpx.AsyncClient(),
        )
        transport = self._transport
        predictions = AsyncPredictions(transport)
        self.predict = predictions.one
        self.predict_batch = predictions.batch
        self.predict_many = predictions.many
        self.tasks = AsyncTasks(transport)
        self.examples = AsyncExamples(transport)
        self.datasets = AsyncDatasets(transport)
        self.training_runs = AsyncTrainingRuns(transport)
        self.certification = AsyncCertification(transport)
        self.retraining = AsyncRetraining(transport)
        self.models = AsyncModels(transport)
        self.decisions = AsyncDecisions(transport)
        self.jobs = AsyncJobs(transport)
        self.dead_letters = AsyncDeadLetters(transport)
        self.sources = AsyncSources(transport)
        self.predict_routes = AsyncPredictRoutes(transport)
        self.openai_settings = AsyncOpenAiSettings(transport)
        self.trails = AsyncTrails(transport)
        self.events = AsyncEvents(transport)
        self.review = AsyncReview(transport)
        self.quality = AsyncQuality(transport)
        self.alerts = AsyncAlerts(transport)
        self.value = AsyncValue(transport)
        self.replays = AsyncReplays(transport)
        self.ledger = AsyncLedger(transport)
        self.webhooks = AsyncWebhooks(transport)
        self.keys = AsyncKeys(transport)
        self.members = AsyncMembers(transport)
        self.session = AsyncSession(transport)
        #: Operators only.
        self.workspaces = AsyncWorkspaces(transport)
        self.backups = AsyncBackups(transport)
        self.audit_log = AsyncAuditLog(transport)
        self.health = AsyncHealth(transport)

    async def me(self, **options: Unpack[CallOptions]) -> Me:
        """The workspace, principal and scopes of the credential."""
        return await self._transport.json(Me, Call("GET", path("me"), **options))

    async def aclose(self) -> None:
        """Closes the connections, unless the HTTP client is one of yours."""
        if self._owns_http:
            await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._transport.settings.base_url!r})"
