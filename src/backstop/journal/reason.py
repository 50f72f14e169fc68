"""Why a session did not end verified."""

from __future__ import annotations

from dataclasses import dataclass

from backstop.model.verdict import Ending


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence, the ending that it alone would lead to, and the line that it rests on, if one does.

    ``check`` is set where the sentence is about one check.
    """

    ending: Ending
    text: str
    line: int | None = None
    scenario: str = ""
    check: str = ""
