"""Samples of one request, one after the other, for as long as it makes sense."""

from __future__ import annotations

from backstop.model.http import Exchange, NoAnswer, Request
from backstop.probes.prober import Prober

WARM_UP = 1
SAMPLES = 20
_ENOUGH = 3  # samples of a bot that is too slow to be asked for all
_PATIENCE_S = 3.0
_SILENCES = 2  # in a row: it does not answer, which other checks say


def sample(prober: Prober, request: Request) -> tuple[Exchange, ...]:
    """Ask over a kept connection; the warm-up is dropped.

    At most 20 samples; after 3 seconds of asking no more than 3, and none after two silences in a row.
    """
    found: list[Exchange] = []
    while len(found) < WARM_UP + SAMPLES and not _silent(found):
        if len(found) >= WARM_UP + _ENOUGH and sum(each.timing.total for each in found) > _PATIENCE_S:
            break
        found.append(prober.ask(request))
    return tuple(found[WARM_UP:] if len(found) > WARM_UP else found)


def _silent(found: list[Exchange]) -> bool:
    last = found[-_SILENCES:]
    return len(last) == _SILENCES and all(isinstance(exchange.result, NoAnswer) for exchange in last)
