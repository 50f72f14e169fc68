"""The rules of engagement, as a session keeps to them and reports them."""

from __future__ import annotations

import pytest

from backstop.probes import budget
from tests.plugins.conftest import FakeBot, SessionRunner

DECLARED = 60  # more than a look asks of it, and less than half of what a burst would
AGAIN = """
import pytest
from backstop.observe.catalogue.health import HEALTH_AGAIN

@pytest.mark.check("health.status", severity="critical", step="")
def test_status(answer):
    "The health path answers 200 again"
    assert answer(HEALTH_AGAIN).status == 200

@pytest.mark.check("health.steady", severity="critical", step="")
def test_rate(looks):
    "The health path is answered each time"
    assert not looks.errors.errors
"""
LATENCY = """
import pytest

@pytest.mark.check("health.slow", severity="critical", step="")
def test_latency(looks):
    "The bot is quick"
    assert looks.latency.mean < 60
"""
ORDER = """
import pytest

seen = []

@pytest.mark.last_of_stage
@pytest.mark.check("security.last", severity="critical", step="")
def test_last(looks):
    "It comes after the other"
    assert seen == ["other"]

@pytest.mark.check("security.other", severity="critical", step="")
def test_other(looks):
    "It comes first"
    seen.append("other")
"""
BURST = """
import pytest

@pytest.mark.check("security.rate-limiter", severity="critical", step="")
def test_limiter(burst):
    "It turns down"

@pytest.mark.check("security.other", severity="critical", step="")
def test_other():
    "Something passes"
"""


def test_what_we_have_spoilt_is_inconclusive(session: SessionRunner, fake_bot: FakeBot) -> None:
    """A bot that answered well, and then had enough of us, is neither well nor ill."""
    fake_bot.limit = 20
    session.suite(AGAIN)
    session.suite(LATENCY, "latency")

    ended = session.run()

    assert ended.code == 20, ended.output
    assert ended.verdict is not None
    assert len(ended.verdict["checks"]) == 3
    for check in ended.verdict["checks"].values():
        assert check["outcome"] == "inconclusive"
        assert "lower requests_per_minute for this target" in check["message"]


def test_a_bot_that_turns_everybody_down_has_failed(session: SessionRunner, fake_bot: FakeBot) -> None:
    """It never answered, so it was not our doing."""
    fake_bot.status = 429
    session.suite(AGAIN)

    ended = session.run()

    assert ended.code == 1, ended.output
    assert ended.verdict is not None
    outcomes = {name: check["outcome"] for name, check in ended.verdict["checks"].items()}
    assert (outcomes["health.status"], outcomes["health.steady"]) == ("fail", "fail")


def test_a_wait_for_the_budget_is_shown_and_reported(
    session: SessionRunner, fake_bot: FakeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it lasts, at the end, and in every report; the verdict is that of the bot."""
    monkeypatch.setattr(budget, "WINDOW", 1.5)  # seconds that a minute takes here
    session.target(fake_bot.url, "requests_per_minute = 30\n")
    session.suite(AGAIN)

    ended = session.run()

    assert ended.code == 0, ended.output
    assert ended.verdict is not None
    sent = ended.verdict["requests"]["to_bot"]
    assert ended.verdict["requests"] == {"to_bot": sent, "per_minute": 30}
    assert sent >= fake_bot.asked
    assert ended.verdict["timings"]["waited_s"] > 1
    assert "waiting 1 s" in ended.output or "waiting 2 s" in ended.output
    assert f"{sent} requests to the bot, at most 30 a minute, which took" in ended.output


def test_a_session_that_need_not_wait_says_nothing_of_it(session: SessionRunner) -> None:
    """The figures are in the reports."""
    session.suite(AGAIN)

    ended = session.run()

    assert ended.verdict is not None
    assert ended.verdict["requests"]["per_minute"] == 300
    assert "waited_s" not in ended.verdict["timings"]
    assert "requests to the bot" not in ended.output


def test_what_spoils_the_bot_comes_last(session: SessionRunner) -> None:
    """Wherever it stands in its file."""
    session.suite(ORDER, "security")

    ended = session.run()

    assert ended.code == 0, ended.output


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        ("", "declares no rate_limit"),
        (f"rate_limit = {{ requests = {DECLARED}, per_s = 60 }}\n", "only a drill asks"),
    ],
)
def test_a_look_never_exhausts_a_limit(
    session: SessionRunner, fake_bot: FakeBot, declared: str, why: str
) -> None:
    """The bot's users would be turned away with us; it gets the usual probes and no more."""
    session.target(fake_bot.url, declared)
    session.suite(BURST, "security")

    ended = session.run()

    assert ended.verdict is not None
    assert ended.verdict["checks"]["security.rate-limiter"]["outcome"] == "n/a"
    assert why in ended.verdict["checks"]["security.rate-limiter"]["message"]
    assert fake_bot.asked < DECLARED
