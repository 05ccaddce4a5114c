# Derived from understudy._async by scripts/derive_sync.py.
"""Decisions that were made."""

from __future__ import annotations

from typing import Literal, Optional

from typing_extensions import Unpack

from ... import models
from ..._call import Call, CallOptions, IdempotentOptions, PageOptions, given, path
from ..pagination import List
from ..transport import Transport


class Decisions:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        task: Optional[str] = None,
        outcome: Optional[Literal["automated", "review"]] = None,
        label: Optional[str] = None,
        model_version: Optional[str] = None,
        subject: Optional[str] = None,
        external_id: Optional[str] = None,
        from_: Optional[str] = None,
        to: Optional[str] = None,
        **options: Unpack[PageOptions],
    ) -> List[models.DecisionSummary]:
        """Newest first. `from_` and `to` are RFC 3339 times."""
        query = {
            "task": task,
            "outcome": outcome,
            "label": label,
            "model_version": model_version,
            "subject": subject,
            "external_id": external_id,
            "from": from_,
            "to": to,
        }
        return List(self._transport, models.DecisionSummary, Call("GET", path("decisions"), query=query, **options))

    def get(self, id: str, **options: Unpack[CallOptions]) -> models.DecisionDetail:
        """Everything that is known of it."""
        return self._transport.json(models.DecisionDetail, Call("GET", path("decisions", id), **options))

    def label(
        self,
        id: str,
        label: str,
        *,
        source: Literal["application", "appeal"],
        note: Optional[str] = None,
        person: Optional[str] = None,
        **options: Unpack[IdempotentOptions],
    ) -> models.DecisionLabel:
        """
        Says what the right answer was; may be repeated, the history is kept.

        :param person: id of the person in your application who decided; without one, a label equal to our answer counts
            as an echo.
        """
        json = given(label=label, source=source, note=note, person=person)
        call = Call("POST", path("decisions", id, "labels"), json=json, idempotent=True, **options)
        return self._transport.json(models.DecisionLabel, call)

    def label_sources(self, **options: Unpack[CallOptions]) -> models.LabelSourceList:
        """Which keys feed labels back, and whether they only copy our answers."""
        return self._transport.json(models.LabelSourceList, Call("GET", path("label-sources"), **options))


class Trails:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, id: str, **options: Unpack[CallOptions]) -> models.Trail:
        """
        Where a message is and what happened to it, in order. By the id of a message, job, decision, dead letter, reply
        or event, by the id that its publisher gave the message, or by an `external_id`.
        """
        return self._transport.json(models.Trail, Call("GET", path("trail"), query={"id": id}, **options))
