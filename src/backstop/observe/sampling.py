"""Samples of one request, one after the other, for as long as it makes sense."""

from __future__ import annotations

from backstop.model.http import Exchange, NoAnswer, Request
from backstop.probes.prober import Prober, worth_another

WARM_UP = 1
SAMPLES = 20
COLD_S = 1.5  # half of what Discord waits, so that the bot has the other half
SLOW_S = 3.0  # Discord drops an interaction that is not answered by then
_ENOUGH = 5  # samples of a bot that is too slow to be asked for all
_PATIENCE_S = 3.0
_SILENCES = 2  # in a row: it does not answer, which other checks say


def sample(prober: Prober, request: Request) -> tuple[Exchange, ...]:
    """Ask over a kept connection; the warm-up is dropped.

    20 samples, and as many again where a single one was slow or failed: a hiccup does not come twice. After
    3 seconds of asking, the slowest left out, no more than 5, and none after two silences in a row.
    """
    found: list[Exchange] = []
    while len(found) < WARM_UP + _wanted(found) and not _silent(found):
        if len(found) >= WARM_UP + _ENOUGH and _spent(found) > _PATIENCE_S:
            break
        found.append(prober.ask(request))
    return tuple(found[WARM_UP:] if len(found) > WARM_UP else found)


def _wanted(found: list[Exchange]) -> int:
    odd = sum(each.timing.total > SLOW_S or worth_another(each) for each in found[WARM_UP:])
    return 2 * SAMPLES if odd == 1 else SAMPLES


def _spent(found: list[Exchange]) -> float:
    spent = [each.timing.total for each in found]
    return sum(spent) - max(spent)


def _silent(found: list[Exchange]) -> bool:
    last = found[-_SILENCES:]
    return len(last) == _SILENCES and all(isinstance(exchange.result, NoAnswer) for exchange in last)
