"""Whether the channels in which people are told would take a message. Nothing is sent to anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from backstop.model.errors import CouldNotLook
from backstop.model.target import Channels
from backstop.observe.readiness import discord_webhook, slack_webhook, statuspage
from backstop.observe.readiness.finding import Lacking, Proof

Look = Callable[[], Proof]


def reachable(channels: Channels) -> Proof:
    """That every channel would take a message, as far as that shows without one.

    Raises Lacking when one would not, for certain, else CouldNotLook when that could not be seen; either
    tells of all channels.
    """
    said, remedies, lacking = [], [], False
    for name, look in _looks(channels):
        try:
            said.append(f"{name}: {look().how}")
        except (Lacking, CouldNotLook) as error:
            said.append(f"{name}: {error.message}")
            remedies.append(error.remedy)
            lacking = lacking or isinstance(error, Lacking)
    told, remedy = "; ".join(said), "\n→ ".join(filter(None, remedies))
    if lacking:
        raise Lacking(told, remedy)
    if remedies:
        raise CouldNotLook(told, remedy=remedy)
    return Proof(told)


def _looks(channels: Channels) -> Iterator[tuple[str, Look]]:
    """Each channel that is named, and what looks at it."""
    if (slack := channels.slack) is not None:
        yield "Slack", lambda: slack_webhook.look(slack)
    if (discord := channels.discord) is not None:
        yield "Discord", lambda: discord_webhook.look(discord)
    if (page := channels.statuspage) is not None:
        yield "Statuspage", lambda: statuspage.look(page)
