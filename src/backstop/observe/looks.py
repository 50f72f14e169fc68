"""Everything that is seen at one stage. Each part is fetched when it is first read, and once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from backstop.discord.api import TokenRejected
from backstop.discord.signer import Signer
from backstop.model.errors import CouldNotLook
from backstop.model.target import Command
from backstop.observe.bot import BotLook
from backstop.observe.catalogue.everything import PROBES
from backstop.observe.catalogue.health import HEALTH
from backstop.observe.catalogue.interactions import UNSIGNED
from backstop.observe.commands import CommandLook, send_command
from backstop.observe.deployed import DeployedLook
from backstop.observe.latency import Latency, latency
from backstop.observe.once import once
from backstop.observe.probe import Sending
from backstop.place import Place

WARM_UP = 2
SAMPLES = 20


class DiscordRejectsToken(AssertionError):
    """Raised when Discord does not know the bot's token: the bot can do nothing with it either."""


class Looks:
    """The looks of one stage at one place."""

    def __init__(self, place: Place) -> None:
        self.place = place

    @cached_property
    def bot(self) -> BotLook:
        """The bot's answers to the probes of every suite."""
        sending = Sending(self.place.target, self.place.signer, Signer.random())
        return BotLook(self.place.prober, PROBES, sending, self.place.control.answers)

    @cached_property
    def deployed(self) -> DeployedLook:
        """What is deployed."""
        return DeployedLook(self.place)

    @property
    @once
    def application(self) -> dict[str, Any]:
        """Discord's own record of the application. Raises CouldNotLook without a token or an answer."""
        if self.place.discord is None:
            message = f"{self.place.target.name}: no Discord token, so Discord can't be asked"
            raise CouldNotLook(message, remedy="set discord_token for this target")
        try:
            return self.place.discord.application()
        except TokenRejected as error:
            raise DiscordRejectsToken(str(error)) from error

    @property
    @once
    def latency(self) -> Latency:
        """Warm times to first byte of the health path."""
        probe = HEALTH if self.place.target.health else UNSIGNED
        request = self.bot.attempts(probe)[-1].request
        asked = [self.place.prober.ask(request) for _ in range(WARM_UP + SAMPLES)]
        return latency(asked[WARM_UP:])

    @once
    def command(self, command: Command) -> CommandLook:
        """What a configured slash command led to; it is sent once a stage."""
        return send_command(self.place, command)
