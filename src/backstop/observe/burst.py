"""What a bot does that is asked more often than it says it allows. For drills: it then turns all away."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, Request
from backstop.model.target import RateLimit, Target
from backstop.observe.overrun import TOO_MANY
from backstop.observe.probe import PROVOKED
from backstop.polling import SYSTEM, Clock
from backstop.probes.budget import Pace
from backstop.probes.prober import SERVER_ERROR, Prober
from backstop.probes.rest import retry_after
from backstop.rollback.edge_witness import MARKER

_BATCH = 30
_MARGIN = 10


@dataclass(frozen=True, slots=True)
class Burst:
    """``answered`` requests in ``seconds``, and then ``telling``: the first 429, 5xx or silence, if any.

    ``before`` is how many requests of this session the bot had in the same window already.
    """

    request: Request
    answered: int
    before: int
    seconds: float
    telling: Exchange | None

    @property
    def wait(self) -> float | None:
        """The seconds of the answer's Retry-After; None without one in seconds."""
        result = self.telling.result if self.telling else None
        return retry_after(result) if isinstance(result, Answer) else None


def burst(prober: Prober, target: Target, limit: RateLimit, clock: Clock = SYSTEM) -> Burst:
    """Ask until the bot does anything but answer, at most twice as often as it allows.

    Twice, because a limiter that counts in windows lets that many pass where two of them meet. Raises
    CouldNotLook when it can't be asked that often within the time that its limit is for.
    """
    request = _request(target, limit)
    most, began = 2 * limit.requests + _MARGIN, clock.now()
    before, answered = prober.budget.sent_within(limit.per_s), 0
    while answered < most:
        size = min(_BATCH, most - answered)
        for exchange in prober.ask_all([request] * size, Pace.AT_ONCE):
            if _tells(exchange):
                return Burst(exchange.request, answered, before, clock.now() - began, exchange)
            answered += 1
        if clock.now() - began > limit.per_s:
            found = (
                f"only {answered} requests could be sent in {limit.per_s} s, the limit is {limit.requests}"
            )
            raise CouldNotLook(found, remedy="ask from nearer, or declare a limit that can be reached")
    return Burst(request, answered, before, clock.now() - began, None)


def _request(target: Target, limit: RateLimit) -> Request:
    """Without a signature: what the bot refuses anyway costs it least."""
    path = limit.path or target.interactions_path
    marked = (MARKER, f"{PROVOKED}-rate-limiter")
    if limit.method != "POST":
        return Request(limit.method, urljoin(target.url, path), (marked,))
    headers = (("Content-Type", "application/json"), marked)
    return Request("POST", urljoin(target.url, path), headers, b"{}")


def _tells(exchange: Exchange) -> bool:
    result = exchange.result
    return not isinstance(result, Answer) or result.status == TOO_MANY or result.status >= SERVER_ERROR
