"""Which version gave an answer, where the bot shows its version metadata."""

from __future__ import annotations

from collections.abc import Collection

from backstop.model.http import Answer
from backstop.model.version import VersionId


def version_shown(answer: Answer, known: Collection[VersionId]) -> VersionId | None:
    """The one known version whose id stands in the answer; None when there is none, or several."""
    shown = "\n".join((answer.text, *(value for _name, value in answer.headers))).lower()
    found = {version for version in known if version in shown}
    return found.pop() if len(found) == 1 else None
