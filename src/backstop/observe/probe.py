"""A probe: one kind of request that a look at a bot is made of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from backstop.discord.signer import Signer
from backstop.model.http import Request
from backstop.model.target import Target


@dataclass(frozen=True, slots=True)
class Sending:
    """What a probe's request is made from. ``signer`` is None where we don't hold the bot's key."""

    target: Target
    signer: Signer | None
    stranger: Signer

    def url(self, path: str) -> str:
        """The address of a path of the target."""
        return urljoin(self.target.url, path)

    @property
    def interactions(self) -> str:
        """The address to which Discord posts."""
        return self.url(self.target.interactions_path)


@dataclass(frozen=True, slots=True)
class Sequel:
    """What a probe makes of the request of another one, ``first``, which is sent just before it."""

    first: Probe
    alter: Callable[[Request], Request]


PROVOKED = "provoked"  # begins the marker of a probe that asks for trouble


@dataclass(frozen=True, slots=True)
class Probe:
    """``make`` returns the request, or None where the target declares that it has no such thing.

    No probe changes anything at a bot. ``needs_key`` probes are signed with the bot's own key. A probe
    that is sent ``times`` over is made and asked again once the first round is answered; the last answer
    counts, and a check may read them all.
    One that is a ``sequel`` is made when the first round is answered, and then what it follows. One that
    is ``usual`` is what any client may ask: an error is an error. All others ask for trouble, are judged by
    the checks that send them, and are kept apart from error rates.
    """

    name: str
    make: Callable[[Sending], Request | None]
    needs_key: bool = False
    times: int = 1
    usual: bool = False
    sequel: Sequel | None = None

    @property
    def marker(self) -> str:
        """What the request carries, so that it is known in the tail."""
        slug = re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")
        return f"{'usual' if self.usual else PROVOKED}-{slug}"
