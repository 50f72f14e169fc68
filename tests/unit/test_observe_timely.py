"""An interaction that took too long is sent once more, where that has no effect."""

from __future__ import annotations

from datetime import UTC, datetime

from backstop.model.http import Answer, Exchange, Request, Timing
from backstop.observe.timely import timed


def _took(seconds: float) -> Exchange:
    answer = Answer(200, (), b"")
    return Exchange(Request("POST", "https://bot.example/"), answer, Timing(seconds), datetime.now(UTC))


def test_what_was_in_time_is_not_sent_again() -> None:
    """It costs nothing where all is well."""
    asked: list[None] = []

    def again() -> Exchange:
        asked.append(None)
        return _took(9.0)

    found = timed("PING", _took(0.2), again)

    assert (0.2,) == found.seconds
    assert [] == asked
    assert not found.late


def test_a_hiccup_is_told_from_a_bot_that_is_late() -> None:
    """By the second time."""
    hiccup, late = (
        timed("PING", _took(9.0), lambda: _took(0.2)),
        timed("PING", _took(4.0), lambda: _took(4.1)),
    )

    assert (False, True) == (hiccup.late, hiccup.recovered)
    assert (True, False) == (late.late, late.recovered)
    assert "PING took 4.0 s, then 4.1 s" == str(late)


def test_what_posts_is_late_at_once() -> None:
    """It is not sent twice."""
    found = timed("/register", _took(4.0), None)

    assert found.late
    assert not found.repeatable
