"""What tells whether a bot is up is something that it owes an answer to."""

from __future__ import annotations

from dataclasses import replace

from backstop.model.http import Request
from backstop.model.target import HealthExpectation, Target
from backstop.probes.plain import plain_request

TARGET = Target("t", sandbox=True, url="https://bot.example", interactions_path="/discord")
MARK = (("x-mark", "1"),)


def test_a_bot_with_health_is_asked_for_it() -> None:
    """At its own path."""
    target = replace(TARGET, health=HealthExpectation(path="/healthz"))

    assert Request("GET", "https://bot.example/healthz", MARK) == plain_request(target, MARK)


def test_a_bot_without_health_is_asked_where_discord_asks() -> None:
    """Unsigned; what it says at ``/`` is nobody's business, so that an error there is no outage."""
    asked = plain_request(replace(TARGET, health=None), MARK)

    assert ("POST", "https://bot.example/discord") == (asked.method, asked.url)
    assert asked.headers == (("Content-Type", "application/json"), *MARK)
