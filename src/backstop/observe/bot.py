"""One look at a bot: every probe sent once, together, and its answer kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from backstop.model.errors import Blocked, CouldNotLook, OnlyDiscordSigns
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence
from backstop.observe.catalogue import commands
from backstop.observe.catalogue.commands import UNKNOWN_COMMAND
from backstop.observe.catalogue.interactions import PING
from backstop.observe.errors import reached
from backstop.observe.once import once
from backstop.observe.overrun import heed
from backstop.observe.probe import Probe, Sending
from backstop.observe.reply import Reply
from backstop.probes.hurdles import blocked
from backstop.probes.prober import Asked, Prober
from backstop.rollback.edge_witness import MARKER

Attempts = tuple[Exchange, ...]


_MOST_JUDGED = 50


class BotDidNotAnswer(AssertionError):
    """Raised when the bot is silent although our own network works: that is the bot's fault."""


class BotLook:
    """The answers of one bot at one stage.

    ``online`` tells whether an independent address answers; it is asked only when the bot does not.
    """

    def __init__(
        self, prober: Prober, probes: Sequence[Probe], sending: Sending, online: Callable[[], bool]
    ) -> None:
        self._prober = prober
        self._probes = probes
        self._sending = sending
        self._online = online
        self._judged: deque[Exchange] = deque(maxlen=_MOST_JUDGED)

    @property
    @once
    def _attempts(self) -> Mapping[Probe, Attempts]:
        requests = {
            probe: self._when_due(probe, made)
            for probe in self._probes
            if not probe.sequel and (made := self._request(probe))
        }
        sent = self._prober.ask_all_twice(tuple(requests.values()), harmless=True)
        asked = self._given_up(requests, dict(zip(requests, sent, strict=True)))
        return {**asked, **self._asked_then(asked)}

    def _asked_then(self, asked: Mapping[Probe, Attempts]) -> Mapping[Probe, Attempts]:
        """The second round: what is sent again, and what follows from another request."""
        sequels = tuple((probe, probe.sequel) for probe in self._probes if probe.sequel)
        firsts = {
            first: self._prober.ask_twice(self._when_due(first, made), harmless=True)
            for first in dict.fromkeys(sequel.first for _, sequel in sequels)
            if (made := self._request(first))
        }
        then: list[tuple[Probe, Asked]] = [
            (probe, self._when_due(probe, attempts[-1].request))
            for probe, attempts in asked.items()
            for _ in range(probe.times - 1)
        ]
        for probe, sequel in sequels:
            if sequel.first in firsts:
                made = sequel.alter(firsts[sequel.first][-1].request)
                then.append((probe, _marked(probe, made)))
        sent = self._prober.ask_all_twice([request for _, request in then])
        found = {probe: asked.get(probe, ()) for probe, _ in then}
        for (probe, _), attempts in zip(then, sent, strict=True):
            found[probe] += attempts
        return {**firsts, **found}

    def _given_up(
        self, requests: Mapping[Probe, Callable[[], Request]], asked: Mapping[Probe, Attempts]
    ) -> Mapping[Probe, Attempts]:
        """Ask what was given up once more: another request may have been answered since, after all."""
        left = [probe for probe, attempts in asked.items() if _not_asked(attempts[-1])]
        sent = self._prober.ask_all([requests[probe] for probe in left])
        return {**asked, **{probe: (*asked[probe], more) for probe, more in zip(left, sent, strict=True)}}

    def _when_due(self, probe: Probe, made: Request) -> Callable[[], Request]:
        """Made anew when its turn has come, which may be minutes later: what is signed must be fresh."""
        return lambda: self._request(probe) or made

    def _request(self, probe: Probe) -> Request | None:
        sendable = self._sending.signer is not None or not probe.needs_key
        made = probe.make(self._sending) if sendable else None
        return _marked(probe, made) if made else None

    def usual(self) -> Attempts:
        """Every attempt of the probes that any client may send."""
        sent = self._attempts.items()
        return tuple(exchange for probe, attempts in sent if probe.usual for exchange in attempts)

    def attempts(self, probe: Probe) -> Attempts:
        """Every attempt of one probe, the last one being the one that counts.

        Raises OnlyDiscordSigns when the probe could not be made at all, for want of a key.
        """
        if probe not in self._attempts:
            message = f"{probe.name} could not be sent: this session holds no signing key for the bot"
            raise OnlyDiscordSigns(message, remedy="set signing_key, or accept discord.signed.*")
        return self._attempts[probe]

    def answer(self, probe: Probe) -> Answer:
        """What the bot answered.

        Raises BotDidNotAnswer when it did not and our network works, CouldNotLook when it does not
        work, Blocked when something in front of the bot answered in its place, Overrun when the bot
        turned us down because we asked too often.
        """
        return self.answer_of(self.attempts(probe)[-1])

    def answer_of(self, exchange: Exchange) -> Answer:
        """What the bot answered in this exchange. Raises as ``answer`` does."""
        self._judged.append(exchange)
        if isinstance(exchange.result, NoAnswer):
            raise self._silence(exchange, exchange.result)
        if hurdle := blocked(exchange.result):
            message = f"{describe(exchange.request)} was turned away before it reached the bot: {hurdle.what}"
            raise Blocked(message, remedy=hurdle.remedy)
        heed([exchange], self._alike(exchange))
        return exchange.result

    def _alike(self, exchange: Exchange) -> Attempts:
        """Of what this may have been one too many: of the usual requests, or, where it is none, of all.

        A bot may count forged requests alone; one that turns down what is genuine is judged by that.
        """
        provoked = tuple(e for probe, sent in self._attempts.items() if not probe.usual for e in sent)
        mine = any(each is exchange for each in provoked)
        return (*self.usual(), *provoked) if mine else self.usual()

    def take_judged(self) -> Attempts:
        """The exchanges that were judged since this was last asked, the latest last, each once."""
        taken = {id(exchange): exchange for exchange in self._judged}
        self._judged.clear()
        return tuple(taken.values())

    def replies(self) -> Iterator[tuple[Probe, Reply]]:
        """Every answer that the bot itself gave at this stage, with the probe that got it.

        Silence says nothing good of it: where it gave none at all this raises as ``answer`` does, and
        CouldNotLook after the last answer where it owes any.
        """
        owing = [attempts[-1] for attempts in self._attempts.values() if not self._is_own(attempts[-1])]
        if len(owing) == len(self._attempts):
            self.answer_of(owing[0])
        for probe, attempts in self._attempts.items():
            for exchange in attempts:
                if isinstance(exchange.result, Answer) and self._is_own(exchange):
                    yield probe, Reply(exchange.request, exchange.result)
        if owing:
            message = f"{len(owing)} of {len(self._attempts)} requests were not answered by the bot"
            first = describe(owing[0].request)
            raise CouldNotLook(f"{message}, {first} among them", remedy="see the checks of those requests")

    def _is_own(self, exchange: Exchange) -> bool:
        """Whether the bot itself answered. An error page can't be told by its head alone."""
        return _answered(exchange) and not (self._turned_away and exchange.request.method == "HEAD")

    @property
    @once
    def _turned_away(self) -> bool:
        """Whether something in front of the bot answered any request."""
        sent = (exchange.result for attempts in self._attempts.values() for exchange in attempts)
        return any(isinstance(result, Answer) and blocked(result) for result in sent)

    def judged(self, exchanges: Iterable[Exchange]) -> Attempts:
        """Those that reached the bot. Raises as ``answer`` does where it answered none of them."""
        asked = tuple(exchanges)
        if not any(_answered(exchange) for exchange in asked):
            self.answer_of(asked[-1])
        return tuple(exchange for exchange in asked if reached(exchange))

    def genuine(self) -> tuple[tuple[Probe, Exchange], ...]:
        """The last attempt of each interaction that is signed as Discord signs.

        Raises OnlyDiscordSigns when none could be sent, for want of a key.
        """
        self.attempts(PING)
        genuine = (PING, UNKNOWN_COMMAND, *commands.of_target(self._sending.target))
        return tuple((probe, self.attempts(probe)[-1]) for probe in genuine)

    def ask_again(self, probe: Probe) -> Exchange:
        """Send a probe of this look once more, by itself."""
        return self._prober.ask(self._when_due(probe, self.attempts(probe)[-1].request))

    @property
    def interactions(self) -> str:
        """The address to which Discord must post."""
        return self._sending.interactions

    def _silence(self, exchange: Exchange, got: NoAnswer) -> Exception:
        what = f"{describe(exchange.request)}: no answer ({got.silence.value}: {got.detail})"
        if got.silence is Silence.OUT_OF_TIME:
            return CouldNotLook(what, remedy="look again, with a session that has the time")
        if self._online():
            return BotDidNotAnswer(f"{what}, wanted an HTTP answer; an independent address does answer")
        return CouldNotLook(
            f"{what}, and an independent address does not answer either",
            remedy="look at this machine's own network first",
        )


def _marked(probe: Probe, request: Request) -> Request:
    """The request as it is known in the tail for one of this probe."""
    others = (pair for pair in request.headers if pair[0] != MARKER)
    return replace(request, headers=(*others, (MARKER, probe.marker)))


def _not_asked(exchange: Exchange) -> bool:
    return isinstance(exchange.result, NoAnswer) and exchange.result.silence is Silence.NOT_ASKED


def _answered(exchange: Exchange) -> bool:
    return isinstance(exchange.result, Answer) and reached(exchange)


def describe(request: Request) -> str:
    """A request as a person would name it."""
    return f"{request.method} {request.url}"
