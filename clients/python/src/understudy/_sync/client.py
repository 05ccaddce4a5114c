# Derived from understudy._async by scripts/derive_sync.py.
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
from .resources.compatibility import OpenAiSettings, PredictRoutes
from .resources.decisions import Decisions, Trails
from .resources.events import Events
from .resources.examples import Datasets, Examples
from .resources.figures import Alerts, Ledger, Quality, Value
from .resources.health import Health
from .resources.identity import (
    AuditLog,
    Backups,
    Keys,
    Members,
    Session,
    Workspaces,
)
from .resources.jobs import DeadLetters, Jobs, Sources
from .resources.predictions import Predictions
from .resources.review import Review
from .resources.tasks import Certification, Retraining, Tasks
from .resources.training import Models, Replays, TrainingRuns
from .resources.webhooks import Webhooks
from .transport import Transport, Settings


class Understudy:
    """
    The Understudy HTTP API. One instance serves a whole process; close it, or use it in a `with`, to close its
    connections.

        with Understudy("http://127.0.0.1:8080", api_key="us_…") as client:
            decision = client.predict("comment-moderation", "Buy cheap watches")
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
        http_client: Optional[httpx.Client] = None,
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
        self._transport = Transport(
            Settings(
                base_url=checked_base_url(base_url),
                key=None if api_key is None else Secret(checked_key(api_key)),
                timeout=timeout,
                total_timeout=total_timeout,
                max_retries=max_retries,
                user_agent=f"{user_agent + ' ' if user_agent else ''}understudy-python/{VERSION}",
            ),
            http_client or httpx.Client(),
        )
        transport = self._transport
        predictions = Predictions(transport)
        self.predict = predictions.one
        self.predict_batch = predictions.batch
        self.predict_many = predictions.many
        self.tasks = Tasks(transport)
        self.examples = Examples(transport)
        self.datasets = Datasets(transport)
        self.training_runs = TrainingRuns(transport)
        self.certification = Certification(transport)
        self.retraining = Retraining(transport)
        self.models = Models(transport)
        self.decisions = Decisions(transport)
        self.jobs = Jobs(transport)
        self.dead_letters = DeadLetters(transport)
        self.sources = Sources(transport)
        self.predict_routes = PredictRoutes(transport)
        self.openai_settings = OpenAiSettings(transport)
        self.trails = Trails(transport)
        self.events = Events(transport)
        self.review = Review(transport)
        self.quality = Quality(transport)
        self.alerts = Alerts(transport)
        self.value = Value(transport)
        self.replays = Replays(transport)
        self.ledger = Ledger(transport)
        self.webhooks = Webhooks(transport)
        self.keys = Keys(transport)
        self.members = Members(transport)
        self.session = Session(transport)
        #: Operators only.
        self.workspaces = Workspaces(transport)
        self.backups = Backups(transport)
        self.audit_log = AuditLog(transport)
        self.health = Health(transport)

    def me(self, **options: Unpack[CallOptions]) -> Me:
        """The workspace, principal and scopes of the credential."""
        return self._transport.json(Me, Call("GET", path("me"), **options))

    def close(self) -> None:
        """Closes the connections, unless the HTTP client is one of yours."""
        if self._owns_http:
            self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._transport.settings.base_url!r})"
