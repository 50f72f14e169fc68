"""What several machines watched, joined: the same whoever joins what, however often, in whichever order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.monitor.availability import Bot, Day
from backstop.monitor.stretches import Watched, by_month, days, joined, members, read_watched, since

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
EVE = datetime(2026, 12, 31, 23, 58, tzinfo=UTC)
FIVE = timedelta(minutes=5)


def _since(minutes: int, bot: Bot, long: int = 5) -> Watched:
    began = NOW + timedelta(minutes=minutes)
    return since(began, bot, began + timedelta(minutes=long))


PARTS = st.lists(
    st.builds(_since, st.integers(0, 200), st.sampled_from(Bot), st.integers(1, 15)), max_size=12
)


@given(PARTS, PARTS)
def test_joining_is_the_same_in_any_order_and_any_number_of_times(
    one: list[Watched], other: list[Watched]
) -> None:
    """So machines may fold up the same looks at once, and copy what comes out."""
    whole = joined((*one, *other))

    assert whole == joined((joined(other), joined(one), whole, *other))
    assert whole == read_watched(members(whole))
    assert whole == joined(by_month(whole).values())


@given(PARTS)
def test_down_is_never_more_than_watched(parts: list[Watched]) -> None:
    """And no second counts twice."""
    found = days(joined(parts))

    assert all(0 <= day.down <= day.watched <= 86400 for day in found)


def test_down_is_what_anybody_saw_down() -> None:
    """One place sees it up, the other down, for two minutes at once."""
    up, down = _since(0, Bot.UP), _since(3, Bot.DOWN)

    assert (Day(NOW.date(), 480.0, 300.0),) == days(joined((up, down)))


def test_what_nobody_watched_is_in_none() -> None:
    """A look that could not look, a gap, a clock that was set back."""
    found = [_since(0, Bot.UNKNOWN), _since(0, Bot.UP, 16), since(NOW, Bot.DOWN, NOW - FIVE)]

    assert [Watched()] * 3 == found


def test_midnight_and_new_year_part_the_days_and_not_the_months() -> None:
    """A stretch lies in the month in which it began; its seconds in their days."""
    eve = since(EVE, Bot.DOWN, EVE + FIVE)

    assert {"2026-12": eve} == by_month(eve)
    assert (Day(date(2026, 12, 31), 120.0, 120.0), Day(date(2027, 1, 1), 180.0, 180.0)) == days(eve)


@pytest.mark.parametrize(
    "stretch", [[2, 1], [1, 1], [1], [0, 1e308], [float("nan"), 1], [1e18, 1e18 + 1e6], ["x", 1], None]
)
def test_what_is_no_stretch_is_refused(stretch: object) -> None:
    """From a file that somebody wrote by hand."""
    with pytest.raises((ValueError, TypeError, OverflowError)):
        read_watched({"watched": [stretch], "down": []})
