"""How often a bot failed over the probes of a stage, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from backstop.model.errors import CouldNotLook
from backstop.model.http import Exchange, NoAnswer, Request, Silence
from backstop.observe.overrun import turned_down
from backstop.probes.classify import cloudflare_error
from backstop.probes.hurdles import blocked
from backstop.probes.prober import SERVER_ERROR
from backstop.rollback.edge_witness import MARKER
from backstop.statistics import binomial

_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the probes of one path failed."""

    path: str
    errors: int
    probes: int


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """What failed, path by path; there is at least one probe. ``unseen`` more say nothing of the bot."""

    paths: tuple[Tally, ...]
    unseen: int = 0

    @property
    def probes(self) -> int:
        """How many probes there were."""
        return sum(path.probes for path in self.paths)

    @property
    def errors(self) -> int:
        """How many of them failed."""
        return sum(path.errors for path in self.paths)

    @property
    def lower(self) -> float:
        """The true rate is at least this, at 95 %. From 0 to 1."""
        return binomial.lower(self.errors, self.probes)

    @property
    def upper(self) -> float:
        """The true rate is at most this, at 95 %. From 0 to 1."""
        return binomial.upper(self.errors, self.probes)

    @property
    def bound(self) -> str:
        """The rate as a person says it."""
        return f"error rate ≤ {100 * self.upper:.1f} % at 95 %, {self.probes} probes"

    def claim(self, limit: float) -> str:
        """What so many clean probes claim of a rate that is allowed, and how many it takes to claim it."""
        if self.upper < limit:
            return f"that is below the {100 * limit:g} % allowed"
        if limit <= 0:
            return "no number of clean probes claims that none ever fails"
        needed = binomial.clean_needed(limit)
        return f"to claim less than the {100 * limit:g} % allowed takes {needed} clean probes"

    @property
    def where(self) -> str:
        """Whether all paths fail, or which do."""
        failing = [path for path in self.paths if path.errors]
        shown = ", ".join(f"{path.path} {path.errors} of {path.probes}" for path in failing)
        return f"{'all' if len(failing) == len(self.paths) else 'some'} paths: {shown}"


def told_of(clean: int, what: str) -> str:
    """What so many requests without a failure tell, one at least, and what they do not."""
    most = 100 * binomial.upper(0, clean)
    return f"{clean} {what}, no failure: at most {most:.1f} % fail at 95 %, and what is rarer may not show"


def counted(exchanges: Iterable[Exchange]) -> tuple[Exchange, ...]:
    """Those that count as so many failures or successes.

    What was lost at the same moment, and mended by a second try at once, was lost once: on the way there.
    """
    sent = tuple(exchanges)
    mended = {_probe(each) for each in sent if each.attempt > 1 and not is_error(each)}
    found: list[Exchange] = []
    lost: datetime | None = None
    for each in sorted(sent, key=lambda exchange: exchange.at):
        hiccup = each.attempt == 1 and isinstance(each.result, NoAnswer) and _probe(each) in mended
        if not (hiccup and lost is not None and each.at - lost < _MOMENT):
            found.append(each)
        lost = each.at if hiccup else lost
    return tuple(found)


def _probe(exchange: Exchange) -> tuple[str, str, str]:
    """What is the same for both tries of one probe; its signature is not."""
    marker = next((value for name, value in exchange.request.headers if name == MARKER), "")
    return exchange.request.method, exchange.request.url, marker


def error_rate(exchanges: Iterable[Exchange]) -> ErrorRate:
    """Count errors. Answers of something in front of the bot, and what was never sent, are left out.

    Raises CouldNotLook when nothing is left.
    """
    found: dict[str, list[bool]] = {}
    unseen = 0
    for exchange in counted(exchanges):
        if reached(exchange):
            found.setdefault(_path(exchange.request), []).append(is_error(exchange))
        else:
            unseen += 1
    if not found:
        message = "no error rate: no probe reached the bot"
        raise CouldNotLook(message, remedy="see health.reachable")
    paths = (Tally(path, sum(errors), len(errors)) for path, errors in sorted(found.items()))
    return ErrorRate(tuple(paths), unseen)


def is_error(exchange: Exchange) -> bool:
    """Whether the bot did not answer, answered 5xx or 429, or Cloudflare had to answer in its place."""
    result = exchange.result
    if isinstance(result, NoAnswer) or turned_down(exchange):
        return True
    return result.status >= SERVER_ERROR or cloudflare_error(result) is not None


def reached(exchange: Exchange) -> bool:
    """Whether the request was sent, and nothing in front of the bot turned it away."""
    result = exchange.result
    if isinstance(result, NoAnswer):
        return result.silence not in {Silence.NOT_ASKED, Silence.OUT_OF_TIME}
    return blocked(result) is None


def _path(request: Request) -> str:
    return f"{request.method} {urlsplit(request.url).path or '/'}"
