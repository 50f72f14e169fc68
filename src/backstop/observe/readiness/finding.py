"""What readiness finds: that something is proven, or that it is lacking for certain."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proof:
    """That a need is met. ``how`` says why that is known, ``but`` what is not as it should be about it."""

    how: str
    but: str = ""


class Lacking(AssertionError):
    """Raised when a need is not met, for certain."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}\n→ {remedy}")
        self.message = message
        self.remedy = remedy
