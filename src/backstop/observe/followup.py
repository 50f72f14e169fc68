"""What follows a deferred reply, read back with the token of the interaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin

from backstop.model.target import Command
from backstop.observe.catalogue.commands import payload_of
from backstop.place import Place
from backstop.polling import SYSTEM, Clock, PollTimedOut, poll

FOLLOWED_UP_WITHIN = 30.0  # seconds; then Cloudflare ends what a worker has in waitUntil


class FollowUp(Enum):
    """What came after "thinking …"; not taken is a command that got no such answer when Discord sent it."""

    SEEN = "seen"
    MISSING = "missing"
    NOT_TAKEN = "not taken"
    OUT_OF_SIGHT = "out of sight"


@dataclass(frozen=True, slots=True)
class Followed:
    """What came, and the ``message``, which is empty where none was seen.

    ``problem`` is what Discord has against the bot's answer where it was not taken, else empty.
    """

    found: FollowUp
    message: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    problem: str = ""


def follow_up(place: Place, command: Command, clock: Clock = SYSTEM) -> Followed:
    """Have Discord send the command once more, with a token of its own, and wait for what follows.

    Out of sight where Discord can't be asked to: it knows no token of ours, so that it takes no follow-up
    for it and shows none. Raises CouldNotLook when Discord sends nothing, or does not show what followed.
    """
    if place.courier is None or place.discord is None:
        return Followed(FollowUp.OUT_OF_SIGHT)
    discord, application = place.discord, place.target.discord_application_id
    payload = payload_of(command, dict(command.options), command.channel, place.target)
    token = str(payload["token"])
    problem = place.courier.deliver(urljoin(place.target.url, place.target.interactions_path), payload)
    if problem:
        return Followed(FollowUp.NOT_TAKEN, problem=problem)
    try:
        what = f"the follow-up to /{command.name}"
        found = poll(
            lambda: discord.original(application, token),
            deadline=FOLLOWED_UP_WITHIN,
            what=what,
            every=0.1,
            clock=clock,
        )
    except PollTimedOut as error:
        if error.last is not None:
            raise
        return Followed(FollowUp.MISSING)
    return Followed(FollowUp.SEEN, found)
