"""Whose trouble may look like a bot's, and how it is with them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Outside(Enum):
    """Everybody between a bot and its users who is not the bot."""

    NETWORK = "network"
    DISCORD = "discord"
    CLOUDFLARE = "cloudflare"


class State(Enum):
    """How it is outside. ``contradicted``: a status page says that all is well, and the service fails."""

    WELL = "well"
    TROUBLED = "troubled"
    OUT = "out"
    UNSEEN = "unseen"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class SeenOutside:
    """What was seen of somebody, in words."""

    who: Outside
    state: State
    text: str
