"""Asking a bot more often than it allows: as often as it takes, and no oftener."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.model.target import RateLimit, Target
from backstop.observe.burst import burst
from backstop.probes.budget import Budget, Pace
from backstop.probes.prober import Asked, Prober
from tests.unit.fakeclock import FakeClock

TARGET = Target("t", sandbox=True, url="https://bot.test/", interactions_path="/interactions")
NOW = datetime(2026, 11, 24, tzinfo=UTC)
LIMIT = RateLimit(100, 60)
Bot = Callable[[int], Answer | NoAnswer]


class Limited(Prober):
    """Answers the n-th request as the bot does; each takes ``seconds``."""

    def __init__(self, bot: Bot, seconds: float = 0.001) -> None:
        self.bot, self.seconds, self.clock = bot, seconds, FakeClock()
        self.budget = Budget(10, clock=self.clock)
        self.asked: list[Request] = []

    def ask_all(self, requests: Sequence[Asked], pace: Pace = Pace.SPREAD) -> tuple[Exchange, ...]:
        """As the bot says."""
        return tuple(self._one(request, pace) for request in requests)

    def _one(self, request: Asked, pace: Pace) -> Exchange:
        assert isinstance(request, Request)
        self.budget.spend(pace)
        self.asked.append(request)
        self.clock.time += self.seconds
        return Exchange(request, self.bot(len(self.asked)), Timing(0.1), NOW)


def _limiting(after: int, status: int = 429, wait: str = "30") -> Bot:
    refusal = Answer(status, (("Retry-After", wait),), b"")
    return lambda count: refusal if count > after else Answer(401, (), b"")


@pytest.mark.parametrize("after", [0, 60, 100, 101, 200])
def test_the_first_refusal_ends_it(after: int) -> None:
    """Also that of a limiter that counts in windows, which may let twice as many pass."""
    bot = Limited(_limiting(after))

    found = burst(bot, TARGET, LIMIT, bot.clock)

    assert found.telling is not None
    assert (after, 30.0) == (found.answered, found.wait)
    assert len(bot.asked) <= after + 30


def test_a_bot_without_a_limit_is_asked_twice_as_often_and_no_more() -> None:
    """All are answered; nothing tells of a limit. The budget holds none of them up."""
    bot = Limited(_limiting(10_000))

    found = burst(bot, TARGET, LIMIT, bot.clock)

    assert (None, None) == (found.telling, found.wait)
    assert 200 < found.answered == len(bot.asked) <= 210
    assert [] == bot.clock.pauses


@pytest.mark.parametrize("result", [Answer(500, (), b""), NoAnswer(Silence.RESET, "gone")])
def test_trouble_ends_it_too(result: Answer | NoAnswer) -> None:
    """It is shown as it came."""
    bot = Limited(lambda count: result if count > 40 else Answer(401, (), b""))

    found = burst(bot, TARGET, LIMIT, bot.clock)

    assert found.telling is not None
    assert (40, result) == (found.answered, found.telling.result)


def test_a_bot_that_is_too_far_away_is_not_judged() -> None:
    """Its limit is for a time in which so many requests can't be sent."""
    bot = Limited(_limiting(10_000), seconds=1.0)

    with pytest.raises(CouldNotLook, match="90 requests could be sent in 60 s"):
        burst(bot, TARGET, LIMIT, bot.clock)


def test_what_went_before_counts() -> None:
    """The bot has counted it as well, where it was not too long ago."""
    bot = Limited(_limiting(50))
    for _ in range(30):
        bot.budget.spend(Pace.AT_ONCE)

    assert 30 == burst(bot, TARGET, LIMIT, bot.clock).before


@pytest.mark.parametrize(
    ("limit", "asked"),
    [
        (RateLimit(1), "POST https://bot.test/interactions"),
        (RateLimit(1, path="/healthz", method="GET"), "GET https://bot.test/healthz"),
    ],
)
def test_what_is_asked(limit: RateLimit, asked: str) -> None:
    """An unsigned interaction, or what the target names; marked as ours, and as provoked."""
    bot = Limited(_limiting(0))

    request = burst(bot, TARGET, limit, bot.clock).request

    assert asked == f"{request.method} {request.url}"
    assert ("X-Backstop-Probe", "provoked-rate-limiter") in request.headers
    assert not any("signature" in name.lower() for name, _ in request.headers)
