"""What may be typed with ``--rehearse``, and where: never silently."""

from __future__ import annotations

import pytest

from tests.plugins.conftest import SessionRunner

PASSING = """
import pytest

@pytest.mark.check("latency.nothing", severity="low", step="")
def test_nothing(stage):
    "Passes"
"""
ALLOWED = "rehearse = true\n"


@pytest.mark.parametrize(
    ("target", "typed", "says"),
    [
        ("", ("-m", "latency", "--rehearse"), "set rehearse = true in [targets."),
        ("", ("-m", "latency", "--rehearse", "--plan"), "set rehearse = true in [targets."),
        ("", ("-m", "latency", "--plan"), "--plan goes with -m drill"),
        (ALLOWED, ("-m", "post_deploy", "--rehearse"), "--rehearse goes with -m latency"),
        (ALLOWED, ("--rehearse",), "--rehearse goes with -m latency"),
        (ALLOWED, ("-m", "latency", "--compare-with=abcd"), "--compare-with goes with --rehearse"),
        (ALLOWED + "protected = true\n", ("-m", "latency", "--rehearse"), "is protected: add --yes"),
    ],
)
def test_it_is_refused_where_it_is_not_allowed(
    session: SessionRunner, target: str, typed: tuple[str, ...], says: str
) -> None:
    """Wrong usage, which changes nothing."""
    session.suite(PASSING, "latency")
    session.target("http://127.0.0.1:1", target)

    ended = session.run(*typed)

    assert ended.code == 4, ended.output
    assert says in ended.output


@pytest.mark.parametrize("more", [ALLOWED, ALLOWED + "protected = true\n"])
def test_it_is_taken_where_the_target_allows_it(session: SessionRunner, more: str) -> None:
    """The report says from the first line on that something is changed."""
    session.suite(PASSING, "latency")
    session.target("http://127.0.0.1:1", more)

    ended = session.run("-m", "latency", "--rehearse", "--yes", "--compare-with=abcd")

    assert ended.code == 0, ended.output
    assert "beside the one that serves, at 0 %, and takes it away" in ended.output
