"""How a target says that it may be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.model.target import RateLimit
from tests.unit.targetsfiles import complaints, loaded

SANDBOX = '[targets.t]\nsandbox = true\nproject = "bot"\n'
DEPLOYED = '[targets.t]\nurl = "https://bot.example.workers.dev"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DEPLOYED, 300),
        (DEPLOYED + "requests_per_minute = 60\n", 60),
        (SANDBOX, None),
        (SANDBOX + "requests_per_minute = 60\n", 60),
    ],
)
def test_the_budget(tmp_path: Path, text: str, expected: int | None) -> None:
    """A real bot has one; a sandbox one only if it says so."""
    assert expected == loaded(tmp_path, text).requests_per_minute


@pytest.mark.parametrize(("text", "expected"), [("", 1), ("concurrency = 4\n", 4)])
def test_how_many_are_timed_at_once(tmp_path: Path, text: str, expected: int) -> None:
    """One after the other, unless it says so."""
    assert expected == loaded(tmp_path, DEPLOYED + text).concurrency


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("rate_limit = { requests = 300, per_s = 60 }", RateLimit(300, 60, "", "POST")),
        (
            'rate_limit = { requests = 5, per_s = 1, path = "/healthz", method = "GET" }',
            RateLimit(5, 1, "/healthz", "GET"),
        ),
    ],
)
def test_a_declared_limit(tmp_path: Path, text: str, expected: RateLimit | None) -> None:
    """What is counted is an unsigned interaction where nothing else is named."""
    assert expected == loaded(tmp_path, SANDBOX + text).rate_limit


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("requests_per_minute = 0", "found 0, wanted a whole number from 10 to 6000"),
        ('requests_per_minute = "60"', "wanted a whole number from 10 to 6000"),
        ("concurrency = 0", "found 0, wanted a whole number from 1 to 10"),
        ("concurrency = 11", "found 11, wanted a whole number from 1 to 10"),
        ("request_per_minute = 60", 'did you mean "requests_per_minute"?'),
        ("rate_limit = 300", "wanted a table, such as { requests = 300, per_s = 60 }"),
        ("rate_limit = { requests = 2001, per_s = 60 }", "found 2001, wanted a whole number from 1 to 2000"),
        ("rate_limit = { requests = 300, per_s = 0 }", "found 0, wanted a whole number from 1 to 3600"),
        ("rate_limit = { requests = 300 }", "rate_limit.per_s: missing"),
        ("rate_limit = { per_s = 60 }", "rate_limit.requests: missing"),
        ('rate_limit = { requests = 3, per_s = 6, path = "x" }', "wanted a path that starts with /"),
        ('rate_limit = { requests = 3, per_s = 6, method = "PUT" }', "wanted one of GET, HEAD, POST"),
        ("rate_limit = { requests = 3, per_s = 6, burst = 1 }", "rate_limit.burst: unknown key"),
    ],
)
def test_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    """It is said with its place and with what is wanted."""
    found = complaints(tmp_path, DEPLOYED + text + "\n")

    assert 1 == len(found)
    assert found[0].startswith("targets.toml:3: targets.t.")
    assert says in found[0]
