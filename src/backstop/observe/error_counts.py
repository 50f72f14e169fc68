"""How often a bot failed of late: over our probes, and over what its tail shows for a few seconds."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urljoin

from backstop.cloudflare.tail import Tail
from backstop.model.errors import CouldNotLook
from backstop.model.http import Request
from backstop.observe.tail_tally import TailTally, Tallied
from backstop.place import Place
from backstop.polling import SYSTEM, Clock, PollTimedOut, poll
from backstop.rollback.edge_witness import MARKER, TAIL_PATIENCE
from backstop.statistics import binomial

LISTENS_S = 10.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What a tail showed within ``seconds``; ``unseen`` says why that tells nothing, where it does not."""

    tallied: Tallied
    seconds: float
    unseen: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of ``sent`` requests failed; ``source`` says where that was seen, ``version`` may be empty."""

    source: str
    version: str
    sent: int
    failed: int

    @property
    def low(self) -> float:
        """The true rate is at least this at 95 %, from 0 to 1."""
        return binomial.lower(self.failed, self.sent) if self.sent else 0.0

    @property
    def high(self) -> float:
        """The true rate is at most this at 95 %, from 0 to 1."""
        return binomial.upper(self.failed, self.sent) if self.sent else 1.0

    @property
    def told(self) -> str:
        """In words, with the interval."""
        of = f" of {self.version[:8]}" if self.version else ""
        bounds = f"{100 * self.low:.1f} to {100 * self.high:.1f} %, each end at 95 %"
        return f"{self.source}{of}: {self.failed} of {self.sent} requests failed ({bounds})"


def listen(
    place: Place, send: Callable[[], object], seconds: float = LISTENS_S, clock: Clock = SYSTEM
) -> Heard:
    """Count what the tail shows while ``send`` sends probes, and for so long after that.

    A canary at the end proves that the tail was alive: one that does not come makes it no data.
    """
    tally, began = TailTally(), clock.now()
    with ExitStack() as stack:
        try:
            tail = stack.enter_context(tail_of(place, tally))
        except CouldNotLook as error:
            send()
            return Heard(Tallied({}), 0.0, error.message)
        send()
        clock.wait(seconds)
        unseen = _canary(place, tally, tail, clock)
    return Heard(tally.reap(), clock.now() - began, unseen)


def tail_of(place: Place, tally: TailTally) -> Tail:
    """The tail of a place, to be counted. Raises CouldNotLook where it can't be read."""
    if place.api is None:
        raise CouldNotLook(f"the tail can't be read: {place.unreadable.message}")
    return Tail(place.api, place.target.worker, each=tally.take)


def _canary(place: Place, tally: TailTally, tail: Tail, clock: Clock) -> str:
    """Why the tail tells nothing; empty where it has brought a probe of ours."""
    marker = uuid.uuid4().hex
    tally.await_canary(marker)
    health = place.target.health
    address = urljoin(place.target.url, health.path if health else "/")
    place.prober.ask_cold(Request("GET", address, ((MARKER, marker),)))
    try:
        poll(
            lambda: True if tally.came(marker) or tail.lost else None,
            deadline=TAIL_PATIENCE,
            what="the canary in the tail",
            clock=clock,
        )
    except PollTimedOut as error:
        return f"{error.message}: what it does not show may have happened all the same"
    return f"the tail was lost: {tail.lost}" if tail.lost and not tally.came(marker) else ""
