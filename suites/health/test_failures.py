"""How often the bot fails, and in which of Cloudflare's words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.target import HealthExpectation, Target
from backstop.observe.catalogue.health import HEALTH, HEALTH_AGAIN
from backstop.observe.edge_errors import edge_errors
from backstop.observe.errors import ErrorRate, counted, is_error, told_of
from backstop.observe.health_said import unlike_the_others
from backstop.observe.looks import Looks
from backstop.observe.probe import Probe
from backstop.observe.reply import Reply
from backstop.observe.thresholds import error_limit

Ask = Callable[[Probe], Reply]
_STEP = "Triggers: error rate"
_ACCIDENT = 1  # failed request of some two dozen: what a retry mends is degraded, not failed


@pytest.mark.check("health.edge-errors", severity="critical", step="1. Health check failures, step 1")
def test_edge_errors(looks: Looks) -> None:
    """Cloudflare never has to answer a usual request with an error page of its own"""
    found = edge_errors(looks.usual)

    assert not found, (
        f"found {found[0]}, {len(found)} times in all, wanted answers of the bot\n→ {found[0].fix}"
    )


@pytest.mark.check("health.connections", severity="high", step="1. Health check failures, step 1")
def test_connections(answer: Ask, health: HealthExpectation, looks: Looks) -> None:
    """Requests over new connections and over kept ones are answered alike"""
    kept = answer(HEALTH_AGAIN)
    new = looks.reply(looks.cold[-1])
    fix = "is a part of the edge, or one version of a split, ill?"

    assert kept.status == health.status, kept.explain(f"{kept.status} when asked again", health.status, fix)
    assert new.status == health.status, new.explain(f"{new.status} over a new one", health.status, fix)


@pytest.mark.check("health.error-rate", severity="medium", step=_STEP)
def test_error_rate(failures: Callable[[], ErrorRate], target: Target, remark: Callable[[str], None]) -> None:
    """The error rate over all usual probes is not shown to be above the policy's threshold"""
    rate, limit = failures(), error_limit(target)

    assert rate.lower <= limit, (
        f"{rate.errors} of {rate.probes} probes failed: found at least {100 * rate.lower:.1f} % at 95 %, "
        f"wanted at most {100 * limit:g} %; {rate.where}\n→ wrangler tail --status error"
    )
    remark(f"{rate.bound}; {rate.where if rate.errors else rate.claim(limit)}")


@pytest.mark.check("health.steady", severity="medium", step=_STEP)
def test_steady(
    health: HealthExpectation,
    looks: Looks,
    degraded: Callable[[str], None],
    remark: Callable[[str], None],
) -> None:
    """The health path is answered as declared each time that it is asked; once may be an accident"""
    of_health = (*looks.bot.attempts(HEALTH), *looks.bot.attempts(HEALTH_AGAIN))
    attempts = looks.heeded(looks.bot.judged((*of_health, *looks.cold, *looks.samples)))
    unlike = unlike_the_others(attempts, health)
    failed = sum(is_error(exchange) for exchange in counted(attempts)) + unlike
    found = (
        f"{failed} of {len(attempts)} requests to {health.path} failed{_of_them(unlike)}, wanted none\n"
        "→ look for what comes and goes: a service that the bot asks, memory, a part of the edge"
    )

    assert failed <= _ACCIDENT, found
    if failed:
        degraded(found)
    else:
        remark(told_of(len(attempts), f"requests to {health.path}"))


def _of_them(unlike: int) -> str:
    return f", {unlike} of them with an answer that is not the declared one" if unlike else ""
