"""One look at a bot: every probe sent once, together, and its answer kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from backstop.model.errors import Blocked, CouldNotLook
from backstop.model.http import Answer, Exchange, NoAnswer, Request
from backstop.observe.once import once
from backstop.observe.probe import Probe, Sending
from backstop.probes.classify import blocked
from backstop.probes.prober import Prober

Attempts = tuple[Exchange, ...]


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

    @property
    @once
    def _attempts(self) -> Mapping[Probe, Attempts]:
        requests = {probe: request for probe in self._probes if (request := self._request(probe))}
        asked = self._prober.ask_all_twice(tuple(requests.values()))
        again = {probe: request for probe, request in requests.items() if probe.times > 1}
        repeated = ((exchange,) for exchange in self._prober.ask_all(tuple(again.values())))
        return dict(zip(requests, asked, strict=True)) | dict(zip(again, repeated, strict=True))

    def _request(self, probe: Probe) -> Request | None:
        sendable = self._sending.signer is not None or not probe.needs_key
        return probe.make(self._sending) if sendable else None

    def attempts(self, probe: Probe) -> Attempts:
        """Every attempt of one probe, the last one being the one that counts.

        Raises CouldNotLook when the probe could not be made at all, for want of a key.
        """
        if probe not in self._attempts:
            message = f"{probe.name} could not be sent: this session holds no signing key for the bot"
            raise CouldNotLook(message, remedy="set signing_key for this target, or accept the check by name")
        return self._attempts[probe]

    def answer(self, probe: Probe) -> Answer:
        """What the bot answered.

        Raises BotDidNotAnswer when it did not and our network works, CouldNotLook when it does not
        work, Blocked when something in front of the bot answered in its place.
        """
        last = self.attempts(probe)[-1]
        if isinstance(last.result, NoAnswer):
            raise self._silence(last, last.result)
        if hurdle := blocked(last.result):
            message = f"{describe(last.request)} was turned away before it reached the bot: {hurdle}"
            raise Blocked(message, remedy="let this machine through (an Access service token in `headers`)")
        return last.result

    def _silence(self, exchange: Exchange, got: NoAnswer) -> Exception:
        what = f"{describe(exchange.request)}: no answer ({got.silence.value}: {got.detail})"
        if self._online():
            return BotDidNotAnswer(f"{what}, wanted an HTTP answer; an independent address does answer")
        return CouldNotLook(
            f"{what}, and an independent address does not answer either",
            remedy="look at this machine's own network first",
        )


def describe(request: Request) -> str:
    """A request as a person would name it."""
    return f"{request.method} {request.url}"
