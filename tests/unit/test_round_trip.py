"""A drill leaves all as it found it, or says what differs."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backstop.drill.round_trip import Seen, differences, refuse_differences, take
from backstop.model.errors import CouldNotLook, Unrestored
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.model.target import Target
from backstop.place import Place

HEADERS = (
    ("content-security-policy", "script-src 'nonce-abc123'"),
    ("x-frame-options", "DENY"),
    ("date", "now"),
)
WELL = Answer(200, HEADERS, b"{}")


READ = {"crons": ("0 3 * * *",), "secrets": True, "routes": ("bot.example/*",), "zone": "z1"}


def _seen(result: Answer | NoAnswer = WELL, *, url: str = "https://bot.example", **other: Any) -> Seen:
    read: dict[str, Any] = READ | other

    def ask_twice(request: Request) -> tuple[Exchange, ...]:
        return (Exchange(request, result, Timing(0.1), datetime.now(UTC)),)

    def secret_names(_worker: str) -> frozenset[str]:
        if not read["secrets"]:
            message = "the token may not read that"
            raise CouldNotLook(message)
        return frozenset({"B", "A"})

    api = SimpleNamespace(
        deployments=lambda _worker: (SimpleNamespace(shown="1 at 100 %"),),
        secret_names=secret_names,
        schedules=lambda _worker: read["crons"],
        domain_leads_to=lambda _hostname: None,
        zone_of=lambda _hostname: read["zone"],
        routes=lambda _zone, _worker: read["routes"],
    )
    target = Target("staging", sandbox=False, url=url, worker="bot")
    place = Place(target, cast("Any", SimpleNamespace(ask_twice=ask_twice)), cast("Any", None))
    return take(place, cast("Any", api))


def test_what_is_as_it_was_is_restored() -> None:
    """Another nonce, another date and another order are no differences."""
    other = Answer(
        200, (("content-security-policy", "script-src 'nonce-zzz'"), ("x-frame-options", "DENY")), b"{}"
    )

    refuse_differences("bot", _seen(), _seen(other))

    assert _seen().found["secrets by name"] == ("A", "B")


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (lambda: _seen(crons=()), r"crons: found none, at the start it was 0 3 \* \* \*"),
        (lambda: _seen(Answer(200, (), b"")), "security headers .*: found status 200, at the start it was"),
        (lambda: _seen(Answer(503, HEADERS, b"")), "found status 503"),
        (lambda: _seen(routes=()), r"routes of the zone: found none, at the start it was bot\.example/\*"),
    ],
)
def test_what_differs_is_unrestored(end: Any, says: str) -> None:
    """With what was found and what it was."""
    with pytest.raises(Unrestored, match=says):
        refuse_differences("bot", _seen(), end())


@pytest.mark.parametrize(
    "end",
    [
        lambda: _seen(secrets=False),
        lambda: _seen(NoAnswer(Silence.TIMED_OUT, "10 s")),
        lambda: _seen(Answer(429, (), b"")),
        lambda: _seen(zone=None),
        lambda: _seen(url="https://bot.sub.workers.dev", zone="z1"),
    ],
)
def test_what_can_not_be_read_is_told_and_not_compared(end: Any) -> None:
    """A rate limiter that was just tried out, for one."""
    seen = end()

    assert differences(_seen(), seen) == ()
    assert len(seen.unread) == 1
