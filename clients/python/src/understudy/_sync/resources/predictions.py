# Derived from understudy._async by scripts/derive_sync.py.
"""Decisions, made now."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Optional, Union

from typing_extensions import Unpack

from ... import models
from ..._call import Call, CallOptions, IdempotentOptions, given, path
from ..._items import Decided, Item, item_of
from ...errors import UnexpectedAnswer
from .. import runtime
from ..transport import Transport


class Predictions:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def one(
        self,
        task: str,
        input: Union[str, Mapping[str, Any]],
        *,
        subject: Optional[str] = None,
        external_id: Optional[str] = None,
        attributes: Optional[Mapping[str, Any]] = None,
        explain: Optional[bool] = None,
        **options: Unpack[IdempotentOptions],
    ) -> models.Decision:
        """
        Decides one item. `outcome == "review"` has no label: a person has to answer. The decision is durable before this
        returns.

        :param input: the text, or the input object.
        """
        item = given(
            input={"text": input} if isinstance(input, str) else input,
            subject=subject,
            external_id=external_id,
            attributes=attributes,
            explain=explain,
        )
        return self._transport.json(
            models.Decision, Call("POST", path("predict", task), json=item, idempotent=True, **options)
        )

    def batch(self, task: str, items: Sequence[Item], **options: Unpack[IdempotentOptions]) -> list[models.Decision]:
        """Decides 1…1,000 items together, in order; one invalid item rejects all."""
        json = {"items": [item_of(item) for item in items]}
        call = Call("POST", path("predict", task, "batch"), json=json, idempotent=True, **options)
        decisions = (self._transport.json(models.BatchResponse, call)).decisions
        if len(decisions) != len(items):
            # Nobody could tell which decision is whose.
            detail = f"{len(items)} items were answered with {len(decisions)} decisions"
            raise UnexpectedAnswer(detail, status=200, code="unexpected_answer")
        return decisions

    def many(
        self,
        task: str,
        items: Any,
        *,
        batch_size: int = 200,
        concurrency: int = 4,
        **options: Unpack[CallOptions],
    ) -> Iterator[Decided[Any]]:
        """
        Decides any number of items in batches, a few at a time, and yields each with its decision, in order. Reads the
        source no further ahead than it has requests in flight. The first failure ends it; what was yielded is decided.

        :param items: texts or items, in anything that iterates.
        :param batch_size: items a request, 1…1,000.
        :param concurrency: requests at a time.
        """
        if not 1 <= batch_size <= 1000:
            raise ValueError("batch_size is 1 to 1000")
        if concurrency < 1:
            raise ValueError("concurrency is at least 1")

        def send(batch: list[Any]) -> list[models.Decision]:
            return self.batch(task, batch, **options)

        in_flight: deque[tuple[list[Any], runtime.Pending[list[models.Decision]]]] = deque()
        crew = runtime.Crew(concurrency)
        try:
            batch: list[Any] = []
            for item in runtime.iterate(items):
                batch.append(item)
                if len(batch) < batch_size:
                    continue
                in_flight.append((batch, crew.start(send, batch)))
                batch = []
                if len(in_flight) >= concurrency:
                    sent, pending = in_flight.popleft()
                    for pair in zip(sent, pending.result()):
                        yield Decided(*pair)
            if batch:
                in_flight.append((batch, crew.start(send, batch)))
            while in_flight:
                sent, pending = in_flight.popleft()
                for pair in zip(sent, pending.result()):
                    yield Decided(*pair)
        finally:
            crew.close()
