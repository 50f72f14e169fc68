"""Everything that is seen at one stage. Each part is fetched when it is first read, and once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from backstop.cloudflare.tail import Tail
from backstop.discord.api import TokenRejected
from backstop.discord.signer import Signer
from backstop.model.errors import CouldNotLook, OnlyDiscordSigns
from backstop.model.http import Answer, Exchange, NoAnswer, Request
from backstop.model.target import Command, RateLimit
from backstop.model.version import VersionId
from backstop.observe.bot import Attempts, BotLook
from backstop.observe.burst import Burst, burst
from backstop.observe.catalogue import commands
from backstop.observe.catalogue.everything import PROBES
from backstop.observe.catalogue.health import HEALTH
from backstop.observe.catalogue.interactions import FORGED, UNSIGNED
from backstop.observe.commands import CommandLook, send_command
from backstop.observe.deployed import DeployedLook
from backstop.observe.errors import ErrorRate, error_rate
from backstop.observe.followup import Followed, follow_up
from backstop.observe.genuine import NO_VIGIL, REMEDY, Genuine, Vigil, refuse_if_gullible, weigh
from backstop.observe.latency import Latency, latency
from backstop.observe.leaks import redactor_of, secrets_of
from backstop.observe.once import once
from backstop.observe.overrun import heed, turned_down
from backstop.observe.probe import Probe, Sending
from backstop.observe.registration import Registered, registered
from backstop.observe.reply import Reply
from backstop.observe.sampling import COLD_S, Sampled, sample
from backstop.observe.status_page import StatusPage, read_status_page
from backstop.observe.timely import Timed, timed
from backstop.observe.traffic import Traffic, watch
from backstop.place import Place
from backstop.polling import SYSTEM, Clock
from backstop.probes.certificate import Handshake, plain_address, shake_hands, speaks_old_tls
from backstop.probes.control import OwnNetwork
from backstop.probes.prober import worth_another
from backstop.probes.serving import version_shown
from backstop.probes.tls import shared_tls
from backstop.redaction import Redactor


class DiscordRejectsToken(AssertionError):
    """Raised when Discord does not know the bot's token: the bot can do nothing with it either."""


class Looks:
    """The looks of one stage at one place."""

    def __init__(self, place: Place, clock: Clock = SYSTEM, vigil: Vigil = NO_VIGIL) -> None:
        self._network = OwnNetwork(place.control.answers)
        self.place = replace(place, prober=place.prober.patient(self._network.note_silence))
        self._clock = clock
        self._vigil = vigil
        self.probes: tuple[Probe, ...] = PROBES  # until the first look a session may leave some out

    @property
    @once
    def bot(self) -> BotLook:
        """The bot's answers to the probes of every suite."""
        sending = Sending(self.place.target, self.place.signer, Signer.random())
        probes = (
            (*self.probes, *commands.of_target(self.place.target)) if self.probes is PROBES else self.probes
        )
        return BotLook(self.place.prober, probes, sending, self._network.works)

    @property
    @once
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

    @once
    def registered(self, guild: str) -> tuple[Registered, ...]:
        """The commands of a server, of "" the global ones, at Discord. Raises as ``application`` does."""
        application = str(self.application.get("id"))
        if self.place.discord is None:
            return ()
        listed = self.place.discord.commands(application, guild)
        return tuple(each for found in listed for each in registered(found))

    @property
    @once
    def discord_status(self) -> StatusPage:
        """What Discord's status page says. Raises CouldNotLook when it does not answer."""
        return read_status_page("Discord's status page", self.place.target.discord_status)

    @property
    @once
    def cloudflare_status(self) -> StatusPage:
        """What Cloudflare's status page says. Raises CouldNotLook when it does not answer."""
        return read_status_page("Cloudflare's status page", self.place.target.cloudflare_status)

    @property
    @once
    def leaks(self) -> Redactor:
        """What tells whether a text holds a secret of this target."""
        return redactor_of(secrets_of(self.place.target))

    @property
    @once
    def plain(self) -> Request:
        """A request that any client may send: to the health path, or unsigned where there is none."""
        return self.bot.attempts(HEALTH if self.place.target.health else UNSIGNED)[-1].request

    @property
    @once
    def cold(self) -> Attempts:
        """The plain request over a new connection, and over one more where that failed or took too long."""
        first = self.place.prober.ask_cold(self.plain)
        again = worth_another(first) or first.timing.total > COLD_S
        return (first, self.place.prober.ask_cold(self.plain)) if again else (first,)

    @property
    @once
    def sampled(self) -> Sampled:
        """The plain request over kept connections, again and again, each when it was due."""
        return sample(self.place.prober, self.plain, self.place.target.concurrency)

    @property
    def samples(self) -> Attempts:
        """What came of these, the first over each connection as well."""
        return (*self.sampled.first, *(each.exchange for each in self.sampled.sent))

    def stamp_later(self) -> object:
        """The timestamp of the health answer, more than a second from now."""
        self._clock.wait(1.1)
        return (self.reply(self.place.prober.ask(self.plain)).json() or {}).get("timestamp")

    def reply(self, exchange: Exchange) -> Reply:
        """The answer of a plain request's exchange. Raises as ``BotLook.answer`` does when there is none."""
        self.heeded((exchange,))
        return Reply(exchange.request, self.bot.answer_of(exchange))

    def heeded(self, exchanges: Attempts) -> Attempts:
        """The same exchanges of usual requests, which tell of the bot.

        Raises Overrun when our asking too often has spoilt them, CouldNotLook when our own network has.
        """
        if any(map(turned_down, exchanges)):
            heed(exchanges, (*self.bot.usual(), *exchanges))
        if any(isinstance(exchange.result, NoAnswer) for exchange in exchanges):
            self._see_that_we_are_online()
        return exchanges

    def _see_that_we_are_online(self) -> None:
        if not self._network.works():
            message = "probes were not answered, and an independent address does not answer either"
            raise CouldNotLook(message, remedy="look at this machine's own network first")

    @property
    @once
    def latency(self) -> Latency:
        """Times to first byte. Raises CouldNotLook when no sample was answered."""
        self.heeded((*self.cold, *self.samples))
        return latency(self.sampled.sent, self.cold)

    @property
    @once
    def usual(self) -> Attempts:
        """What any client may ask, each time that it was. Raises as ``BotLook.answer`` does for silence."""
        return self.bot.judged((*self.bot.usual(), *self.cold, *self.samples))

    @property
    @once
    def errors(self) -> ErrorRate:
        """How often the usual probes of this stage failed. Raises CouldNotLook when our network did."""
        return error_rate(self.heeded((*self.bot.usual(), *self.cold, *self.samples)))

    @property
    @once
    def traffic(self) -> Traffic:
        """What the tail shows of this stage's probes, where they are not sent yet, and of a canary."""
        return watch(self.place, self.bot.usual, self._await_genuine)

    def _await_genuine(self, tail: Tail) -> None:
        if self.place.signer is None and self._vigil.seconds:
            endpoint, deployed = self.bot.interactions, self.deployed.head.versions
            self._vigil.wait(tail, lambda event: bool(weigh([event], endpoint, deployed).taken))

    @property
    @once
    def genuine(self) -> Genuine:
        """Interactions that Discord itself sent while the tail was open.

        Raises OnlyDiscordSigns when the tail could not be read, CouldNotLook for a bot that takes forged
        ones as well: what it takes says nothing then.
        """
        refuse_if_gullible(self.bot.answer(FORGED["wrong_key"]))
        if not self.traffic.events:
            why = self.traffic.unseen or "the tail was silent"
            message = f"interactions of Discord's would not have been seen: {why}"
            raise OnlyDiscordSigns(message, remedy=REMEDY)
        return weigh(self.traffic.events, self.bot.interactions, self.deployed.head.versions)

    @property
    def proven_by_discord(self) -> int:
        """How many interactions of Discord's own were taken, where this session can't sign; else 0."""
        if self.place.signer is not None:
            return 0
        try:
            return len(self.genuine.taken)
        except CouldNotLook:
            return 0

    @property
    @once
    def served(self) -> VersionId | None:
        """The version that served the canary: as its answer shows, else as the tail says."""
        known = [version.id for version in self.deployed.listed]
        result, event = self.traffic.canary.result, self.traffic.found
        shown = version_shown(result, known) if isinstance(result, Answer) else None
        return shown or (event.version if event else None)

    @property
    @once
    def tls(self) -> Handshake:
        """How the target's address shakes hands. Raises CouldNotLook when it can't be reached."""
        return shake_hands(self.place.target.url, shared_tls(self.place.target.authority))

    @property
    @once
    def old_tls(self) -> str:
        """The broken version of TLS that the address still takes, or nothing.

        Raises CouldNotLook when it can't be reached, or when this machine has no such TLS to offer.
        """
        return speaks_old_tls(self.place.target.url)

    @property
    @once
    def without_tls(self) -> Exchange | None:
        """What the same host answers without TLS; None where it has no usual port for that."""
        address = self.place.target.plain_url or plain_address(self.place.target.url)
        return self.place.prober.ask_twice(Request("GET", address))[-1] if address else None

    @once
    def follow_up(self, command: Command) -> Followed:
        """What followed the deferred reply to a slash command. Raises CouldNotLook."""
        return follow_up(self.place, command, self._clock)

    @once
    def command(self, command: Command) -> CommandLook:
        """What a configured slash command led to; it is sent once a stage. Raises Overrun."""
        look = send_command(self.place, command)
        self.heeded((look.exchange,))
        return look

    @property
    @once
    def interactions(self) -> tuple[Timed, ...]:
        """How long each genuine interaction and each command took. Raises as ``reply`` does for silence."""
        probes = tuple((probe, exchange) for probe, exchange in self.bot.genuine())
        sent = tuple((command, self.command(command).exchange) for command in self.place.target.commands)
        for _, exchange in (*probes, *sent):
            self.reply(exchange)
        return (
            *(timed(each.name, exchange, partial(self.bot.ask_again, each)) for each, exchange in probes),
            *(timed(f"/{each.name}", exchange, self._again(each)) for each, exchange in sent),
        )

    def _again(self, command: Command) -> Callable[[], Exchange] | None:
        """What sends a command that has no effect once more."""
        if command.effects != "none":
            return None
        return lambda: send_command(self.place, command).exchange

    @once
    def burst(self, limit: RateLimit) -> Burst:
        """What the bot does when it is asked more often than it allows: it turns us down for a while."""
        return burst(self.place.prober, self.place.target, limit)
