# Derived from understudy._async by scripts/derive_sync.py.
"""The queue of what people decide."""

from __future__ import annotations

from typing import Any, Literal, Optional

from typing_extensions import Unpack

from ... import models
from ..._call import Call, CallOptions, IdempotentOptions, PageOptions, path
from ...requests import ReviewClaimRequest, ReviewGoldRequest, ReviewHandback, ReviewVerdictRequest
from ..pagination import List
from ..transport import Transport


class Review:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def queues(self, *, task: Optional[str] = None, **options: Unpack[CallOptions]) -> models.ReviewQueues:
        """What waits, how long it takes, and when nothing will wait any more."""
        return self._transport.json(
            models.ReviewQueues, Call("GET", path("review", "queues"), query={"task": task}, **options)
        )

    def claim(
        self, request: Optional[ReviewClaimRequest] = None, **options: Unpack[IdempotentOptions]
    ) -> models.ReviewClaims:
        """
        Takes the next items; nobody else gets them until their lease ends. No items = nothing waits for the caller. With
        an `idempotency_key` an answer that was lost on the way is given again; without one, which is quicker, a repeat
        takes the next items, and `claims` shows all that the caller holds.
        """
        idempotent = options.get("idempotency_key") is not None
        call = Call("POST", path("review", "claims"), json=request or {}, idempotent=idempotent, **options)
        return self._transport.json(models.ReviewClaims, call)

    def claims(self, **options: Unpack[CallOptions]) -> models.ReviewClaims:
        """What the caller holds now, e.g. after a page was loaded again."""
        return self._transport.json(models.ReviewClaims, Call("GET", path("review", "claims"), **options))

    def verdict(
        self, item: str, verdict: ReviewVerdictRequest, **options: Unpack[IdempotentOptions]
    ) -> models.ReviewVerdict:
        """Answers an item. Sent again with the same token and label, it answers the same and counts once."""
        return self._transport.json(models.ReviewVerdict, _post(item, "verdict", verdict, **options))

    def skip(
        self, item: str, handback: ReviewHandback, **options: Unpack[IdempotentOptions]
    ) -> models.ReviewItemState:
        """Somebody else shall answer it; the caller does not get it again for an hour."""
        return self._transport.json(models.ReviewItemState, _post(item, "skip", handback, **options))

    def release(
        self, item: str, handback: ReviewHandback, **options: Unpack[IdempotentOptions]
    ) -> models.ReviewItemState:
        """Gives it back unread."""
        return self._transport.json(models.ReviewItemState, _post(item, "release", handback, **options))

    def escalate(
        self, item: str, handback: ReviewHandback, **options: Unpack[IdempotentOptions]
    ) -> models.ReviewItemState:
        """Hands it to the leads."""
        return self._transport.json(models.ReviewItemState, _post(item, "escalate", handback, **options))

    def undo(self, item: str, handback: ReviewHandback, **options: Unpack[IdempotentOptions]) -> models.ReviewClaim:
        """Takes the caller's own verdict back, within the task's `undo_seconds`, and claims the item anew."""
        return self._transport.json(models.ReviewClaim, _post(item, "undo", handback, **options))

    def items(
        self,
        *,
        task: Optional[str] = None,
        status: Optional[str] = None,
        kind: Optional[Literal["review", "audit", "appeal", "gold"]] = None,
        **options: Unpack[PageOptions],
    ) -> List[models.ReviewItem]:
        """For leads: newest first."""
        query = {"task": task, "status": status, "kind": kind}
        return List(self._transport, models.ReviewItem, Call("GET", path("review", "items"), query=query, **options))

    def item(self, item: str, **options: Unpack[CallOptions]) -> models.ReviewItem:
        return self._transport.json(models.ReviewItem, Call("GET", path("review", "items", item), **options))

    def explanation(self, item: str, **options: Unpack[CallOptions]) -> models.Explanation:
        """What moved the model, for whoever has given a verdict on the item; before that it is a conflict."""
        call = Call("GET", path("review", "items", item, "explanation"), **options)
        return self._transport.json(models.Explanation, call)

    def reviewers(self, *, task: Optional[str] = None, **options: Unpack[CallOptions]) -> models.ReviewReviewers:
        """For leads: each reviewer's figures over the last 90 days."""
        call = Call("GET", path("review", "reviewers"), query={"task": task}, **options)
        return self._transport.json(models.ReviewReviewers, call)

    def agreement(self, task: str, **options: Unpack[CallOptions]) -> models.ReviewAgreement:
        """For leads: how far reviewers of a task agree."""
        call = Call("GET", path("review", "agreement"), query={"task": task}, **options)
        return self._transport.json(models.ReviewAgreement, call)

    def gold(self, *, task: Optional[str] = None, **options: Unpack[PageOptions]) -> List[models.ReviewGold]:
        """For leads: items whose answer is known, to be mixed into the queue at the task's `gold_rate`."""
        call = Call("GET", path("review", "gold"), query={"task": task}, **options)
        return List(self._transport, models.ReviewGold, call)

    def add_gold(self, gold: ReviewGoldRequest, **options: Unpack[IdempotentOptions]) -> models.ReviewGold:
        call = Call("POST", path("review", "gold"), json=gold, idempotent=True, **options)
        return self._transport.json(models.ReviewGold, call)

    def remove_gold(self, id: str, **options: Unpack[CallOptions]) -> None:
        self._transport.nothing(Call("DELETE", path("review", "gold", id), **options))


def _post(item: str, action: str, json: Any, **options: Unpack[IdempotentOptions]) -> Call:
    return Call("POST", path("review", "items", item, action), json=json, idempotent=True, **options)
