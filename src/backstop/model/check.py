"""A check: one test of a suite, as it is known to reports and configurations."""

from __future__ import annotations

from dataclasses import dataclass

from backstop.model.severity import Severity


@dataclass(frozen=True, slots=True)
class Check:
    """``id`` is stable across renames (``discord.signature.tampered``); its first word is the suite.

    ``step`` names the step of the replaced procedure that this check automates.
    """

    id: str
    title: str
    severity: Severity
    step: str = ""

    @property
    def suite(self) -> str:
        """The suite that the check belongs to."""
        return self.id.partition(".")[0]
