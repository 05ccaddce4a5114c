"""One page of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Optional, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    data: list[T]
    #: The `cursor` of the next page; None on the last.
    next_cursor: Optional[str]


@dataclass(frozen=True)
class Tagged(Generic[T]):
    """A resource with its ETag, for an edit that must not overwrite somebody else's: give it back as `if_match`."""

    value: T
    etag: str


@dataclass(frozen=True)
class Followed(Generic[T]):
    """One event of a job or a run."""

    id: str
    #: `progress`, or how it ended.
    event: str
    data: T
