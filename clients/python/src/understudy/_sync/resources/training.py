# Derived from understudy._async by scripts/derive_sync.py.
"""Training runs, the models that come of them, and replays of history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable, Optional

from typing_extensions import Unpack

from ... import models
from ..._call import Call, CallOptions, IdempotentOptions, PageOptions, given, path
from ..._page import Followed
from ...requests import ReplayRequest, TrainingRunRequest
from ..follow import follow, is_over
from ..pagination import List
from ..transport import Transport


class TrainingRuns:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def start(
        self, task: str, request: Optional[TrainingRunRequest] = None, **options: Unpack[IdempotentOptions]
    ) -> models.TrainingRun:
        """Queues a run; all of the request has defaults."""
        call = Call("POST", path("tasks", task, "training-runs"), json=request or {}, idempotent=True, **options)
        return self._transport.json(models.TrainingRun, call)

    def list(self, task: str, **options: Unpack[PageOptions]) -> List[models.TrainingRun]:
        """Newest first."""
        return List(self._transport, models.TrainingRun, Call("GET", path("tasks", task, "training-runs"), **options))

    def get(self, id: str, **options: Unpack[CallOptions]) -> models.TrainingRun:
        return self._transport.json(models.TrainingRun, Call("GET", path("training-runs", id), **options))

    def cancel(self, id: str, **options: Unpack[IdempotentOptions]) -> models.TrainingRun:
        """Asks the run to stop; it ends as `cancelled` soon after."""
        call = Call("POST", path("training-runs", id, "cancel"), idempotent=True, **options)
        return self._transport.json(models.TrainingRun, call)

    def events(
        self, id: str, *, last_event_id: str = "", **options: Unpack[CallOptions]
    ) -> Iterator[Followed[models.TrainingRun]]:
        """
        The run now and after every change until it is over. A dropped connection is taken up again behind the last
        event; it fails only when nothing comes over several attempts in a row.
        """
        return follow(self._transport, models.TrainingRun, Call("GET", path("training-runs", id), **options), last_event_id)

    def wait(
        self,
        id: str,
        *,
        on_progress: Optional[Callable[[models.TrainingRun], None]] = None,
        **options: Unpack[CallOptions],
    ) -> models.TrainingRun:
        """Follows the run to its end; a failed or cancelled run is a result, not an error."""
        for event in self.events(id, **options):
            if on_progress is not None:
                on_progress(event.data)
            if is_over(event.data):
                return event.data
        return self.get(id, **options)


class Models:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, **options: Unpack[PageOptions]) -> List[models.Model]:
        return List(self._transport, models.Model, Call("GET", path("models"), **options))

    def get(self, model: str, **options: Unpack[CallOptions]) -> models.Model:
        return self._transport.json(models.Model, Call("GET", path("models", model), **options))

    def versions(self, model: str, **options: Unpack[PageOptions]) -> List[models.ModelVersion]:
        return List(self._transport, models.ModelVersion, Call("GET", path("models", model, "versions"), **options))

    def version(self, model: str, version: str, **options: Unpack[CallOptions]) -> models.ModelVersion:
        return self._transport.json(
            models.ModelVersion, Call("GET", path("models", model, "versions", version), **options)
        )

    def alias_history(self, model: str, **options: Unpack[CallOptions]) -> models.AliasHistory:
        """The last 100 changes of the names that point at versions, newest first; `champion` is the one that serves."""
        return self._transport.json(models.AliasHistory, Call("GET", path("models", model, "aliases"), **options))

    def set_alias(
        self, model: str, alias: str, version: str, *, reason: Optional[str] = None, **options: Unpack[CallOptions]
    ) -> models.Alias:
        json = given(version=version, reason=reason)
        return self._transport.json(
            models.Alias, Call("PUT", path("models", model, "aliases", alias), json=json, **options)
        )

    def remove_alias(self, model: str, alias: str, **options: Unpack[CallOptions]) -> None:
        self._transport.nothing(Call("DELETE", path("models", model, "aliases", alias), **options))


class Replays:
    """What if history had been decided under another budget, threshold or model version?"""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def start(
        self, task: str, request: Optional[ReplayRequest] = None, **options: Unpack[IdempotentOptions]
    ) -> models.Replay:
        """Without `what`, every decision is made again and compared with the record."""
        call = Call("POST", path("tasks", task, "replays"), json=request or {}, idempotent=True, **options)
        return self._transport.json(models.Replay, call)

    def list(self, task: str, **options: Unpack[PageOptions]) -> List[models.Replay]:
        """Newest first."""
        return List(self._transport, models.Replay, Call("GET", path("tasks", task, "replays"), **options))

    def get(self, id: str, **options: Unpack[CallOptions]) -> models.Replay:
        return self._transport.json(models.Replay, Call("GET", path("replays", id), **options))

    def cancel(self, id: str, **options: Unpack[IdempotentOptions]) -> models.Replay:
        return self._transport.json(
            models.Replay, Call("POST", path("replays", id, "cancel"), idempotent=True, **options)
        )

    def wait(
        self, id: str, *, on_progress: Optional[Callable[[models.Replay], None]] = None, **options: Unpack[CallOptions]
    ) -> models.Replay:
        """Asks until it is over; a failed or cancelled replay is a result, not an error."""
        while True:
            replay = self.get(id, **options)
            if on_progress is not None:
                on_progress(replay)
            if is_over(replay):
                return replay
            self._transport.sleep(0.5)
