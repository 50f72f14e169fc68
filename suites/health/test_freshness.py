"""The health answer is made for whoever asks, and is no copy of an older one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.target import HealthExpectation
from backstop.observe.catalogue.health import HEALTH, HEALTH_AGAIN
from backstop.observe.freshness import age_header, age_of, stuck
from backstop.observe.looks import Looks
from backstop.observe.moment import read_moment
from backstop.observe.probe import Probe
from backstop.observe.reply import Reply
from fixtures.state import NotApplicable

Ask = Callable[[Probe], Reply]
_STEP = "Post-rollback checklist: health check passes"
FRESH_WITHIN = 60.0  # seconds between the bot's clock and ours; NTP keeps both within one


@pytest.mark.check("health.fresh", severity="medium", step=_STEP)
def test_fresh(answer: Ask, health: HealthExpectation, looks: Looks) -> None:
    """The timestamp of the health answer is from when it was given"""
    reply = answer(HEALTH)
    stamp = _stamp(reply)
    found = read_moment(stamp)

    assert found is not None, reply.explain(
        f"timestamp {stamp!r}", "a time in ISO 8601 with its zone", "new Date().toISOString()"
    )
    age = age_of(found.at, looks.bot.attempts(HEALTH)[-1])
    assert abs(age) <= FRESH_WITHIN, reply.explain(
        f"a timestamp {age:.0f} s old",
        f"at most {FRESH_WITHIN:.0f} s",
        "is the answer cached, or is the time read once at start-up?",
    )


@pytest.mark.check("health.uncached", severity="medium", step=_STEP)
def test_uncached(answer: Ask, health: HealthExpectation, looks: Looks) -> None:
    """The timestamp moves between two requests, and no cache says that it answered"""
    first, second = answer(HEALTH), answer(HEALTH_AGAIN)
    cached = age_header(second.answer)

    assert not cached, second.explain(cached, "an answer of the bot itself", "send Cache-Control: no-store")
    before, after = _stamp(first), _stamp(second)
    assert not stuck(before, after, looks.stamp_later), second.explain(
        f"timestamp {after!r} twice",
        "one that moves between two requests",
        "read the time for each request; send Cache-Control: no-store",
    )


def _stamp(reply: Reply) -> object:
    found = (reply.json() or {}).get("timestamp")
    if found is None:
        message = "the health answer carries no timestamp"
        raise NotApplicable(message)
    return found
