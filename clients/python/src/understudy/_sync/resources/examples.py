# Derived from understudy._async by scripts/derive_sync.py.
"""What models learn from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Callable, Literal, Optional

from typing_extensions import Unpack

from ... import models
from ..._call import Body, Call, CallOptions, IdempotentOptions, PageOptions, path
from ..._upload import CONTENT_TYPES, Encoder, is_repeatable, items_of
from .. import runtime
from ..download import Download
from ..pagination import List
from ..transport import Transport


class Examples:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def import_(
        self,
        task: str,
        source: Any,
        *,
        format: Literal["ndjson", "csv", "json"] = "ndjson",
        on_invalid: Optional[Literal["reject", "skip"]] = None,
        new_labels: Optional[Literal["reject", "add"]] = None,
        gzip: bool = False,
        gzipped: bool = False,
        on_progress: Optional[Callable[[int], None]] = None,
        **options: Unpack[IdempotentOptions],
    ) -> models.ImportResponse:
        """
        Streams examples in, of any size, in constant memory. The time limit counts from the last bytes that the server
        took. An iterator cannot be sent twice; lists, text, bytes, paths, data frames and functions that open a source
        can, and are, when the connection fails.

        :param source: rows as mappings (`{"input": {"text": …}, "label": …}`) in anything that iterates; a data frame
            with the columns `text` and `label`; or text, bytes, a path or a binary file in `format`.
        :param on_invalid: `reject` (default): a bad row and nothing is stored. `skip`: the good rows are.
        :param new_labels: `add`: labels that the task does not have yet are added to it. Default: they are errors.
        :param gzip: compress on the way. `gzipped`: the source is gzip already.
        :param on_progress: is told the bytes of the source that were sent, before compression.
        """
        if gzip and gzipped:
            raise ValueError("the source is gzip already: do not set both gzip and gzipped")

        def pieces() -> Iterator[bytes]:
            encoder = Encoder(gzip, on_progress)
            for row in runtime.iterate(items_of(source)):
                piece = encoder.add(row)
                if piece:
                    yield piece
            yield encoder.finish()

        # The answer comes after the last byte, when all rows are stored.
        options = {"timeout": 300.0, "total_timeout": None, **options}
        call = Call(
            "POST",
            path("tasks", task, "examples"),
            query={"on_invalid": on_invalid, "new_labels": "add" if new_labels == "add" else None},
            body=Body(pieces, is_repeatable(source)),
            content_type=CONTENT_TYPES[format],
            headers={"content-encoding": "gzip"} if gzip or gzipped else {},
            idempotent=True,
            **options,
        )
        return self._transport.json(models.ImportResponse, call)

    def list(
        self,
        task: str,
        *,
        label: Optional[str] = None,
        conflicts: Optional[Literal["only"]] = None,
        source: Optional[Literal["import", "reviewer", "audit", "application"]] = None,
        q: Optional[str] = None,
        **options: Unpack[PageOptions],
    ) -> List[models.Example]:
        """Oldest first. `conflicts`: only rows whose input stands under another label too. `q`: only rows whose text
        holds all of these words, each anywhere, "words in quotes" as one; a page of these may be short."""
        query = {"label": label, "conflicts": conflicts, "source": source, "q": q}
        return List(
            self._transport, models.Example, Call("GET", path("tasks", task, "examples"), query=query, **options)
        )

    def stats(self, task: str, **options: Unpack[CallOptions]) -> models.ExampleStats:
        """Counts by label."""
        return self._transport.json(
            models.ExampleStats, Call("GET", path("tasks", task, "examples", "stats"), **options)
        )

    def delete(self, task: str, example: str, **options: Unpack[CallOptions]) -> None:
        self._transport.nothing(Call("DELETE", path("tasks", task, "examples", example), **options))


class Datasets:
    """Immutable, content-addressed snapshots of a task's examples."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, task: str, **options: Unpack[IdempotentOptions]) -> models.DatasetVersion:
        """A snapshot of all examples; the same rows give the same id."""
        options = {"timeout": 300.0, "total_timeout": 600.0, **options}
        call = Call("POST", path("tasks", task, "datasets"), idempotent=True, **options)
        return self._transport.json(models.DatasetVersion, call)

    def list(self, task: str, **options: Unpack[PageOptions]) -> List[models.DatasetVersion]:
        return List(self._transport, models.DatasetVersion, Call("GET", path("tasks", task, "datasets"), **options))

    def get(self, task: str, dataset: str, **options: Unpack[CallOptions]) -> models.DatasetVersion:
        return self._transport.json(
            models.DatasetVersion, Call("GET", path("tasks", task, "datasets", dataset), **options)
        )

    def data(
        self,
        task: str,
        dataset: str,
        *,
        format: Literal["parquet", "csv", "ndjson"] = "parquet",
        provenance: Optional[str] = None,
        **options: Unpack[CallOptions],
    ) -> Download:
        """The rows as bytes in this format."""
        query = {"format": format, "provenance": provenance}
        call = Call("GET", path("tasks", task, "datasets", dataset, "data"), query=query, accept="*/*", **options)
        return Download(self._transport, call)

    def diff(
        self,
        task: str,
        dataset: str,
        base: str,
        *,
        change: Optional[Literal["relabelled", "added", "removed", "changed"]] = None,
        **options: Unpack[PageOptions],
    ) -> models.DatasetDiff:
        """One page of the rows in which a version differs from the version `base`, with a summary of all of them."""
        options = {"timeout": 120.0, **options}
        query = {"base": base, "change": change, "limit": options.pop("limit", None), "cursor": options.pop("cursor", None)}
        call = Call("GET", path("tasks", task, "datasets", dataset, "diff"), query=query, **options)
        return self._transport.json(models.DatasetDiff, call)
