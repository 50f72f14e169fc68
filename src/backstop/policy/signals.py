"""What the decision policy is told of a bot."""

from __future__ import annotations

from dataclasses import dataclass

from backstop.model.outside import Outside
from backstop.model.severity import Severity


@dataclass(frozen=True, slots=True)
class Red:
    """A check that says that something is wrong with the bot, with the severity that it gives itself."""

    check: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of requests that failed: ``seen`` of them did, ``low`` is the lower 95 % bound; from 0 to 1."""

    seen: float
    low: float


@dataclass(frozen=True, slots=True)
class Signals:
    """Everything that a decision is made from. What was not measured is None.

    ``unauthorised`` are requests a minute that were answered 401 or 403, other people's among them: at least
    so many, where that was listened to now and then.
    ``mean_ms`` is a mean time to first byte in milliseconds. ``slower`` is new / old at its lower 95 % bound,
    where a comparison has shown that the new version is slower. ``rejected``: the platform did not take the
    bot at all. ``out`` are those outside that report an outage of their own, ``failing`` those whose API
    fails whatever their status page says, ``doubted`` those of whom nobody could tell, ``unasked`` those of
    whom the bot asks nothing in its health. ``unsure`` are checks that could not look or hold only just: they
    decide nothing, and may be what was nearest.
    """

    red: frozenset[Red] = frozenset()
    errors: Rate | None = None
    mean_ms: float | None = None
    slower: float | None = None
    unauthorised: float | None = None
    rejected: bool = False
    out: frozenset[Outside] = frozenset()
    failing: frozenset[Outside] = frozenset()
    doubted: frozenset[Outside] = frozenset()
    unasked: frozenset[Outside] = frozenset()
    unsure: frozenset[Red] = frozenset()
