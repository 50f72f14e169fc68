"""Availability: what was watched, what of that the bot was down, and never a word about the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.model.severity import Severity
from backstop.monitor.alert import Seen, Sight
from backstop.monitor.availability import LONGEST_GAP, Bot, Day, between, found, month, year
from backstop.report.monitored import monitored_in_words

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
FIVE = timedelta(minutes=5)
DAY_S = 86400.0


@pytest.mark.parametrize(
    ("seen", "severity", "bot"),
    [
        (Seen.PASSED, Severity.NONE, Bot.UP),
        (Seen.FAILED, Severity.CRITICAL, Bot.DOWN),
        (Seen.FAILED, Severity.HIGH, Bot.UP),
        (Seen.UNSEEN, Severity.NONE, Bot.UNKNOWN),
    ],
)
def test_down_is_what_is_critical(seen: Seen, severity: Severity, bot: Bot) -> None:
    """A certificate that expires in a week is a finding, and no downtime."""
    assert bot is found(Sight(NOON, seen, severity))


def test_a_gap_is_of_the_kind_of_its_beginning() -> None:
    """Up until somebody saw it down, and down until somebody saw it up."""
    assert [Day(NOON.date(), 300.0, 0.0)] == list(between(NOON, Bot.UP, NOON + FIVE))
    assert [Day(NOON.date(), 300.0, 300.0)] == list(between(NOON, Bot.DOWN, NOON + FIVE))
    assert [] == list(between(NOON, Bot.UNKNOWN, NOON + FIVE))


@pytest.mark.parametrize("gap", [LONGEST_GAP + timedelta(seconds=1), timedelta(0), -FIVE, 400 * timedelta(1)])
def test_nobody_watched_in_a_long_gap(gap: timedelta) -> None:
    """A timer that stood still, a clock that was set."""
    assert [] == list(between(NOON, Bot.UP, NOON + gap))


def test_midnight_and_new_year_part_a_gap() -> None:
    """Each day has its own seconds."""
    eve = datetime(2026, 12, 31, 23, 58, tzinfo=UTC)

    parts = list(between(eve, Bot.DOWN, eve + FIVE))

    assert [Day(date(2026, 12, 31), 120.0, 120.0), Day(date(2027, 1, 1), 180.0, 180.0)] == parts


@given(st.integers(0, 63_000_000), st.integers(1, 900), st.sampled_from(Bot))
def test_no_second_is_counted_twice(later: int, seconds: int, bot: Bot) -> None:
    """The parts of a gap are as long as the gap, or nothing."""
    began = NOON + timedelta(seconds=later)

    parts = list(between(began, bot, began + timedelta(seconds=seconds)))

    total = sum(part.watched for part in parts)
    assert (0.0 if bot is Bot.UNKNOWN else seconds) == pytest.approx(total)
    assert all(part.down in {0.0, part.watched} for part in parts)
    assert all(part.watched <= DAY_S for part in parts)


def test_figures_of_a_month_and_a_year() -> None:
    """What was not watched is said; the year begins with January."""
    days = [Day(date(2025, 12, 31), DAY_S, DAY_S), Day(date(2026, 10, 1), DAY_S, 0.0)]
    days += [Day(date(2026, 11, day), DAY_S * 0.71, 720.0 if day == 3 else 0.0) for day in range(1, 26)]
    now = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)

    this_month, this_year = month(days, now), year(days, now)

    assert ("November", 25 * DAY_S) == (this_month.name, this_month.seconds)
    assert 0.71 == pytest.approx(this_month.watched / this_month.seconds)
    assert 720.0 == this_month.down == this_year.down
    share = "99.95 % of that; 12 min 00 s down; keeps 99.9 % as far as it was watched"
    assert (
        f"prod: watched 71 % of November; {share}",
        f"prod: watched 5 % of 2026; {share}",
    ) == tuple(monitored_in_words("prod", days, now))


def test_a_new_year_begins_with_nothing() -> None:
    """Nobody has watched in it yet: that is no 100 %."""
    days = [Day(date(2026, 12, 31), DAY_S, 0.0)]

    told = list(monitored_in_words("prod", days, datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC)))

    assert [
        "prod: nobody watched in January, so nothing is known of it",
        "prod: nobody watched in 2027, so nothing is known of it",
    ] == told


def test_a_share_is_never_rounded_up() -> None:
    """A second down in a month is not 100 %."""
    days = [Day(date(2026, 11, day), DAY_S, 1.0 if day == 1 else 0.0) for day in range(1, 26)]

    (told, _) = monitored_in_words("prod", days, datetime(2026, 11, 26, tzinfo=UTC))

    assert "watched 100 % of November; 99.99 % of that" in told


def test_nothing_was_ever_watched() -> None:
    """Then nothing is claimed."""
    assert [] == list(monitored_in_words("prod", [], NOON))
