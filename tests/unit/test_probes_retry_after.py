"""For how long a service wants to be left alone, by a ``Retry-After`` header."""

from __future__ import annotations

import pytest

from backstop.model.http import Answer
from backstop.probes.rest import asked_to_wait, retry_after

NOW = "Wed, 25 Nov 2026 23:59:30 GMT"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("2", 2.0),
        ("0", 0.0),
        ("-3", 0.0),
        ("1.5", 1.5),
        ("Thu, 26 Nov 2026 00:00:00 GMT", 30.0),
        ("Wed, 25 Nov 2026 23:00:00 GMT", 0.0),
        ("Wed, 25 Nov 2026 23:59:30 +0100", 0.0),
        ("", None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("Wed, 99 Nov 2026 23:59:30 GMT", None),
        ("Thu, 26 Nov 2026 00:00:00 -0000", None),
    ],
)
def test_retry_after(said: str, seconds: float | None) -> None:
    """Seconds, or a date, which is as far away as it is from the date of the answer."""
    assert seconds == retry_after(Answer(429, (("Retry-After", said), ("Date", NOW)), b""))


@pytest.mark.parametrize("date", ["", "now", "99"])
def test_a_date_in_an_answer_that_has_none(date: str) -> None:
    """Nobody knows how far away it is: our own clock may be wrong."""
    assert retry_after(Answer(429, (("Retry-After", NOW), ("Date", date)), b"")) is None


def test_a_wait_is_a_day_at_most() -> None:
    """Whatever is asked for."""
    assert asked_to_wait(Answer(429, (("Retry-After", "1000000000"),), b"")) == 86_400.0
