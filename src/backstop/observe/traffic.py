"""What really ran while a stage's probes were sent, as the tail shows it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urljoin

from backstop.cloudflare.tail import Tail, TailEvent
from backstop.model.errors import CouldNotLook
from backstop.model.http import Exchange, NoAnswer, Request, Silence
from backstop.observe.probe import PROVOKED
from backstop.place import Place
from backstop.rollback.edge_witness import MARKER, TAIL_PATIENCE

# What is no error of the bot: it ended well, or its caller went away.
HARMLESS = frozenset({"ok", "canceled", "responseStreamDisconnected"})
_NO_CONNECTION = frozenset({Silence.REFUSED, Silence.UNRESOLVED, Silence.TLS})


@dataclass(frozen=True, slots=True)
class Traffic:
    """``canary`` carried ``marker``; ``unseen`` says why the tail tells nothing, where it does not."""

    marker: str
    canary: Exchange
    events: tuple[TailEvent, ...] = ()
    unseen: str = ""

    @property
    def found(self) -> TailEvent | None:
        """The canary's own event, or None when the tail did not bring it."""
        return next((event for event in self.events if carries(event, self.marker)), None)

    @property
    def errors(self) -> tuple[TailEvent, ...]:
        """What ended badly, were it after the answer, but for what our probes provoke on purpose."""
        return tuple(e for e in self.events if _ended_badly(e) and not provoked(e))


def watch(place: Place, send: Callable[[], object], linger: Callable[[Tail], object]) -> Traffic:
    """Have ``send`` send the stage's probes and a canary after them, with the tail open meanwhile.

    ``linger`` may wait for more in the tail, which is closed after it.
    """
    with ExitStack() as stack:
        tail, unseen = _opened(place, stack)
        send()
        marker = uuid.uuid4().hex
        canary = place.prober.ask_cold(Request("GET", _address(place), ((MARKER, marker),)))
        if tail is None:
            return Traffic(marker, canary, unseen=unseen)
        try:
            patience = 0.0 if _never_sent(canary) else TAIL_PATIENCE
            tail.find(lambda event: carries(event, marker), patience)
            linger(tail)
        except CouldNotLook as error:
            unseen = error.message
        return Traffic(marker, canary, tail.events, unseen)


def carries(event: TailEvent, marker: str) -> bool:
    """Whether this is the probe with that marker."""
    return any(name.lower() == MARKER.lower() and value == marker for name, value in event.headers)


def provoked(event: TailEvent) -> bool:
    """Whether it is a probe of ours that asks for trouble."""
    return any(name.lower() == MARKER.lower() and value.startswith(PROVOKED) for name, value in event.headers)


def is_ours(event: TailEvent) -> bool:
    """Whether it is any probe of ours."""
    return any(name.lower() == MARKER.lower() for name, _ in event.headers)


def describe(event: TailEvent) -> str:
    """An event in one line: what it was, how it ended, and what was thrown."""
    thrown = f" ({'; '.join(event.exceptions)})" if event.exceptions else ""
    what = f"{event.method} {event.url}".strip() or "an event that is no request"
    ended = "ok, and then it threw" if _threw_afterwards(event) else event.outcome
    return f"{what}: {ended}{thrown}"


def _ended_badly(event: TailEvent) -> bool:
    return event.outcome not in HARMLESS or _threw_afterwards(event)


def _threw_afterwards(event: TailEvent) -> bool:
    """Whether it was answered, and work that was left to ctx.waitUntil failed."""
    return event.outcome == "ok" and bool(event.exceptions)


def _never_sent(canary: Exchange) -> bool:
    """Whether there was no connection to send it over, so that no tail can show it."""
    return isinstance(canary.result, NoAnswer) and canary.result.silence in _NO_CONNECTION


def _opened(place: Place, stack: ExitStack) -> tuple[Tail | None, str]:
    if place.api is None:
        return None, f"the tail can't be read: {place.unreadable.message}"
    try:
        return stack.enter_context(Tail(place.api, place.target.worker)), ""
    except CouldNotLook as error:
        return None, error.message


def _address(place: Place) -> str:
    health = place.target.health
    return urljoin(place.target.url, health.path if health else "/")
