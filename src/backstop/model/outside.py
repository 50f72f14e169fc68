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
    """How it is outside. ``contradicted``: a service fails of which its status page reports no outage.

    ``unseen``: nobody could tell, also since a page contradicts itself.
    """

    WELL = "well"
    TROUBLED = "troubled"
    OUT = "out"
    UNSEEN = "unseen"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class SeenOutside:
    """What was seen of somebody, in words.

    ``asked``: the bot may ask something of them in its health, as far as its configuration tells.
    """

    who: Outside
    state: State
    text: str
    asked: bool = True
