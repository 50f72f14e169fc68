"""What Discord's headers say is kept to, and refusals are budgeted."""

from __future__ import annotations

import pytest

from backstop.discord.courtesy import MOST_REFUSED, MOST_WAIT, Courtesy
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer
from backstop.probes.rest import RateLimited
from tests.unit.fakeclock import FakeClock

ME = "/users/@me"
OTHER = "/gateway/bot"


def _learned(status: int, headers: dict[str, str]) -> tuple[Courtesy, FakeClock]:
    clock = FakeClock()
    courtesy = Courtesy(clock)
    courtesy.learn(ME, Answer(status, tuple(headers.items()), b""))
    return courtesy, clock


@pytest.mark.parametrize(
    ("status", "headers", "pauses"),
    [
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "1.25"}, [1.25]),
        (200, {"X-RateLimit-Remaining": "1", "X-RateLimit-Reset-After": "1.25"}, []),
        (200, {"X-RateLimit-Remaining": "0"}, []),
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "inf"}, []),
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "soon"}, []),
        (200, {}, []),
        (429, {"Retry-After": "2"}, [2.0]),
    ],
)
def test_a_bucket_that_is_empty_is_waited_for(
    status: int, headers: dict[str, str], pauses: list[float]
) -> None:
    """Once, and only by requests of the same path."""
    courtesy, clock = _learned(status, headers)

    courtesy.admit(OTHER)
    assert [] == clock.pauses

    courtesy.admit(ME)
    courtesy.admit(ME)
    assert pauses == clock.pauses


def test_the_json_says_how_long_and_of_what() -> None:
    """Where the headers were lost on the way."""
    clock = FakeClock()
    courtesy = Courtesy(clock)
    courtesy.learn(ME, Answer(429, (), b'{"message": "slow down", "retry_after": 1.25, "global": true}'))

    courtesy.admit(OTHER)

    assert [1.25] == clock.pauses


def test_a_global_limit_holds_for_every_path() -> None:
    """It is said in a header of its own."""
    courtesy, clock = _learned(429, {"Retry-After": "3", "X-RateLimit-Global": "true"})

    courtesy.admit(OTHER)

    assert [3.0] == clock.pauses


@pytest.mark.parametrize("headers", [{"Retry-After": "600"}, {}, {"Retry-After": "nan"}])
def test_a_long_wait_is_none_of_ours(headers: dict[str, str]) -> None:
    """What takes longer than a few seconds is said instead, until it is over."""
    courtesy, clock = _learned(429, headers)

    with pytest.raises(RateLimited) as caught:
        courtesy.admit(ME)
    assert [] == clock.pauses

    clock.time += (caught.value.retry_after or 0) - MOST_WAIT
    courtesy.admit(ME)
    assert sum(clock.pauses) <= MOST_WAIT


@pytest.mark.parametrize(
    ("status", "headers", "refused"),
    [
        (401, {}, 1),
        (403, {}, 1),
        (429, {"X-RateLimit-Scope": "user"}, 1),
        (429, {"X-RateLimit-Scope": "shared"}, 0),
        (404, {}, 0),
        (200, {}, 0),
    ],
)
def test_what_counts_towards_a_ban(status: int, headers: dict[str, str], refused: int) -> None:
    """401, 403 and 429, but for a limit that is shared with others."""
    assert refused == _learned(status, headers)[0].refused


def test_a_session_stops_long_before_a_ban() -> None:
    """After fifty refusals nothing is asked any more, whatever the path."""
    courtesy, _ = _learned(403, {})
    for _ in range(MOST_REFUSED - 2):
        courtesy.learn(ME, Answer(403, (), b""))
    courtesy.admit(OTHER)
    courtesy.learn(ME, Answer(403, (), b""))

    with pytest.raises(CouldNotLook, match="no more are sent"):
        courtesy.admit(OTHER)
