# Derived from understudy._async by scripts/derive_sync.py.
"""Needs no key, but for metrics."""

from __future__ import annotations

from typing import Any

from typing_extensions import Unpack

from ... import models
from ..._call import Call, CallOptions
from ..._ready import Ready
from ...errors import UnderstudyError
from ..transport import Transport


class Health:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def live(self, **options: Unpack[CallOptions]) -> None:
        """Returns when the process answers at all."""
        options = {"max_retries": 0, **options}
        self._transport.nothing(Call("GET", "/healthz/live", accept="*/*", **options))

    def ready(self, **options: Unpack[CallOptions]) -> Ready:
        """What is ready and what is not; a 503 is an answer here, not an error."""
        options = {"max_retries": 0, **options}
        try:
            return Ready(True, self._transport.json(models.Readiness, Call("GET", "/healthz/ready", **options)))
        except UnderstudyError as error:
            if error.status != 503:
                raise
            unknown: dict[str, Any] = {"status": "not_ready", "not_ready": [], "roles": [], "scheduler": None}
            said = {} if error.problem is None else error.problem.to_dict()
            return Ready(False, models.Readiness.model_validate({**unknown, **said}))

    def version(self, **options: Unpack[CallOptions]) -> models.ServerVersion:
        return self._transport.json(models.ServerVersion, Call("GET", "/version", **options))

    def metrics(self, **options: Unpack[CallOptions]) -> str:
        """What Prometheus reads. Needs the scope `metrics:read`."""
        answer = self._transport.fetch(Call("GET", "/metrics", accept="text/plain", **options))
        return answer.body.decode("utf-8", "replace")

    def openapi(self, **options: Unpack[CallOptions]) -> dict[str, Any]:
        """The contract of the server as it runs."""
        return self._transport.json(dict[str, Any], Call("GET", "/openapi.json", **options))
