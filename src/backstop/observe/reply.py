"""An answer together with the request that got it, so that a finding can show both."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from backstop.model.http import Answer, Request

_EXCERPT = 160  # characters of a body that a message shows


@dataclass(frozen=True, slots=True)
class Reply:
    """What one request was answered with."""

    request: Request
    answer: Answer

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.answer.status

    def json(self) -> dict[str, Any] | None:
        """The body as a JSON object, or None when it is none."""
        return self.answer.members()

    def explain(self, found: object, wanted: object, fix: str = "") -> str:
        """One finding in words: the request, what was found, what was wanted, the body, what to do."""
        shown = f"{self.request.method} {self.request.url}: found {found}, wanted {wanted}"
        body = self.answer.text[:_EXCERPT]
        return "\n".join(
            part
            for part in (shown, f"answered {self.status} {body!r}" if body else "", f"→ {fix}" if fix else "")
            if part
        )

    def shows(self, members: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
        """What the JSON body has under the names of ``members``."""
        found = self.json() or {}
        return {name: found.get(name) for name, _ in members}


def as_json(members: object) -> str:
    """A value as a person reads it."""
    return json.dumps(members, ensure_ascii=False, default=str)
