"""Everything that sessions need of this machine, this target and its credentials, looked at once each."""

from __future__ import annotations

from backstop.observe.looks import Looks
from backstop.observe.once import once
from backstop.observe.readiness import channels, discord, tools, way
from backstop.observe.readiness.credentials import CredentialLook
from backstop.observe.readiness.finding import Proof
from backstop.rollback.responder import Safeguards


class Readiness:
    """The needs of one target. Each raises Lacking for what is not met for certain, else CouldNotLook."""

    def __init__(self, looks: Looks, guards: Safeguards) -> None:
        self._looks = looks
        self._guards = guards
        self.credentials = CredentialLook(looks, guards.writes)

    @property
    @once
    def node(self) -> Proof:
        """Node runs, and is new enough."""
        return tools.node()

    @property
    @once
    def wrangler(self) -> Proof:
        """Wrangler runs, and is the one that this was tested with, or the project's own."""
        place = self._looks.place
        return tools.own_wrangler(place) if place.target.own_wrangler else tools.wrangler()

    @property
    @once
    def project(self) -> Proof:
        """The bot builds here."""
        return tools.project(self._looks.place)

    @property
    @once
    def address(self) -> Proof:
        """The url leads to the worker."""
        return way.address(self._looks.place)

    @property
    @once
    def rollback(self) -> Proof:
        """What a rollback would do now."""
        return way.rollback(self._looks.place, self._guards.verified)

    @property
    @once
    def discord_token(self) -> Proof:
        """The Discord token is the right application's."""
        return discord.token(self._looks)

    @property
    @once
    def signed_path(self) -> Proof:
        """The worker takes what is signed as Discord signs."""
        return discord.signed_path(self._looks)

    @property
    @once
    def channels(self) -> Proof:
        """The channels in which people are told would take a message."""
        return channels.reachable(self._looks.place.target.channels)
