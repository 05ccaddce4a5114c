"""Whether a server can work."""

from __future__ import annotations

from dataclasses import dataclass

from .models import Readiness


@dataclass(frozen=True)
class Ready:
    ready: bool
    details: Readiness
