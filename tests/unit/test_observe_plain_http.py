"""Plain http beside https: redirected or refused, and nothing else is good."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.observe.plain_http import served_plainly


def _exchange(result: Answer | NoAnswer) -> Exchange:
    return Exchange(Request("GET", "http://bot.example/"), result, Timing(0.1), datetime.now(UTC))


def _answer(status: int, location: str = "") -> Exchange:
    return _exchange(Answer(status, (("Location", location),) if location else (), b""))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_https_is_good(status: int) -> None:
    """Whichever it is."""
    assert "" == served_plainly(_answer(status, "HTTPS://bot.example/"))


@pytest.mark.parametrize(
    ("exchange", "found"),
    [
        (_answer(200), "200"),
        (_answer(404), "404"),
        (_answer(301), "301"),
        (_answer(301, "http://other.example/"), "301 to http://other.example/"),
        (_answer(301, "/elsewhere"), "301 to /elsewhere"),
        (_answer(200, "https://bot.example/"), "200 to https://bot.example/"),
    ],
)
def test_any_other_answer_is_shown(exchange: Exchange, found: str) -> None:
    """It came in the clear."""
    assert found == served_plainly(exchange)


def test_a_refused_connection_is_not_served() -> None:
    """Nobody can use the bot without TLS then."""
    assert "" == served_plainly(_exchange(NoAnswer(Silence.REFUSED, "refused")))


@pytest.mark.parametrize("silence", [each for each in Silence if each is not Silence.REFUSED])
def test_any_other_silence_tells_nothing(silence: Silence) -> None:
    """The next caller may get an answer."""
    with pytest.raises(CouldNotLook, match=f"no answer .{silence.value}") as caught:
        served_plainly(_exchange(NoAnswer(silence, "why")))

    assert "Always Use HTTPS" in caught.value.remedy
