"""Questions that a decision answers."""

from __future__ import annotations

from typing import Any


class DecisionAnswers:
    """Mixed into the models of a decision."""

    @property
    def is_automated(self) -> bool:
        """The label may be applied; nobody has to look."""
        outcome: Any = getattr(self, "outcome", None)
        return outcome == "automated" and getattr(self, "label", None) is not None

    @property
    def is_review(self) -> bool:
        """A person answers; `suggestion` is only that."""
        return not self.is_automated
