"""Our own haste is told apart from a bot that is ill."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backstop.model.http import Answer, Exchange, Request, Timing
from backstop.observe.overrun import Overrun, heed, overran, turned_down

BEGAN = datetime(2026, 11, 24, tzinfo=UTC)
PAGE = (("Content-Type", "text/html"),)


def _asked(*said: tuple[str, int]) -> list[Exchange]:
    """Exchanges a second apart, each of ``METHOD /path`` and a status."""
    return [
        Exchange(
            Request(what.split()[0], f"https://bot.test{what.split()[1]}"),
            Answer(status, (), b""),
            Timing(0.1),
            BEGAN + timedelta(seconds=index),
        )
        for index, (what, status) in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("GET /", 200), ("GET /", 429)], True),
        ([("POST /", 200), ("GET /", 200), ("POST /", 429)], True),
        ([("POST /", 401), ("POST /", 429)], True),
        ([("GET /", 429), ("GET /", 429)], False),
        ([("GET /", 429), ("GET /", 200)], False),
        ([("GET /", 200), ("POST /", 429)], False),
        ([("GET /a", 200), ("GET /b", 429)], False),
        ([("GET /", 503), ("GET /", 429)], False),
        ([("GET /", 200), ("GET /", 200)], False),
        ([], False),
    ],
)
def test_only_a_429_after_the_same_was_answered_is_ours(said: list[tuple[str, int]], expected: bool) -> None:
    """A bot that refuses every request of a kind is ill, whatever it says of limits."""
    assert expected == overran(_asked(*said))
    assert expected == overran(reversed(_asked(*said)))


def test_cloudflares_own_page_is_another_matter() -> None:
    """1015 is a rule of the zone; it has a check of its own."""
    page = Exchange(Request("GET", "/"), Answer(429, PAGE, b"error code: 1015"), Timing(0.1), BEGAN)

    assert not turned_down(page)
    assert not overran([*_asked(("GET /", 200)), page])


def test_what_was_spoilt_is_no_look_and_the_rest_is() -> None:
    """With what to set; other answers of such a stage are judged as they are."""
    usual = _asked(("GET /", 200), ("GET /", 429))

    heed(usual[:1], usual)
    with pytest.raises(Overrun) as caught:
        heed(usual, usual)
    assert "requests_per_minute" in caught.value.remedy


def test_a_bot_that_refuses_everything_is_judged() -> None:
    """Nothing is excused."""
    usual = _asked(("GET /", 429), ("GET /", 429))

    heed(usual, usual)
