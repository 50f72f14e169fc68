"""The interactions that Discord has sent: what became of each, for the 15 minutes that its token lives."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.discord.snowflake import new_snowflake

_TOKEN_LIFE_S = 900.0
_MOST_INTERACTIONS = 5_000
_MOST_FOLLOWUPS = 100
_DEFERRED = (5, 6)


@dataclass(slots=True)
class Interaction:
    """One interaction. ``reply`` is its first answer; ``original`` is the message that the answer made.

    ``messages`` are the follow-ups by their ids.
    """

    id: str
    token: str
    born: float = field(default_factory=time.monotonic)
    reply: dict[str, Any] | None = None
    original: dict[str, Any] | None = None
    followups: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    def acknowledge(self, reply: dict[str, Any]) -> None:
        """Takes the first answer."""
        self.reply = reply
        if reply.get("type") not in _DEFERRED:
            self.original = dict(reply.get("data") or {})
        self.answered.set()

    def edit(self, message: Mapping[str, Any]) -> None:
        """Changes the original message, or makes it where the first answer was deferred."""
        self.original = {**(self.original or {}), **message}
        self._keep("edit", message)

    def follow_up(self, identity: str, message: Mapping[str, Any]) -> None:
        """Adds a message; the first one after a deferred answer takes the place of "thinking …"."""
        if self.original is None:
            self.original = dict(message)
        if len(self.messages) < _MOST_FOLLOWUPS:
            self.messages[identity] = dict(message)
        self._keep("new", message)

    def change(self, identity: str, message: Mapping[str, Any]) -> dict[str, Any]:
        """Changes a follow-up, which must be there; what it is like then."""
        self.messages[identity] |= message
        self._keep("edit", message)
        return self.messages[identity]

    def _keep(self, kind: str, message: Mapping[str, Any]) -> None:
        if len(self.followups) < _MOST_FOLLOWUPS:
            self.followups.append({"interaction": self.id, "kind": kind, **message})


class Interactions:
    """All living interactions, by token."""

    def __init__(self) -> None:
        self._by_token: dict[str, Interaction] = {}

    def begin(self, payload: Mapping[str, Any]) -> Interaction:
        """An interaction for the payload; its id and token are taken from there, or made."""
        identity = str(payload.get("id") or new_snowflake())
        token = str(payload.get("token") or secrets.token_urlsafe(64))
        if len(self._by_token) >= _MOST_INTERACTIONS:
            self._by_token.pop(next(iter(self._by_token)))
        self._by_token[token] = interaction = Interaction(identity, token)
        return interaction

    def find(self, token: str) -> Interaction | None:
        """The interaction of the token, while it lives."""
        interaction = self._by_token.get(token)
        if interaction and time.monotonic() - interaction.born > _TOKEN_LIFE_S:
            del self._by_token[token]
            return None
        return interaction

    def followups(self) -> list[dict[str, Any]]:
        """All follow-ups and edits, interaction by interaction."""
        return [followup for one in self._by_token.values() for followup in one.followups]
