"""The first screen: what speaks against the session, in few words, and whether anything was done."""

from __future__ import annotations

import re
from dataclasses import replace

from backstop.journal.events import CheckFinished, SessionStarted, StageStarted
from backstop.journal.reason import Reason
from backstop.model.verdict import Ending
from backstop.report.html import render_html
from backstop.report.told_once import told_once
from tests.unit.samples import failed_post_rollback, numbered
from tests.unit.test_report_html import Outline


def test_what_many_checks_say_is_said_once() -> None:
    """With the first of them and its line, and how many there are; what two say stands twice."""
    same = [
        Reason(Ending.INCONCLUSIVE, f"could not look: a.b{n}: no network", n, check=f"a.b{n}")
        for n in range(40)
    ]
    two = [Reason(Ending.FAILED, f"c.d{n}: found 500, wanted 200", 50 + n, check=f"c.d{n}") for n in range(2)]
    others = [Reason(Ending.FAILED, "the command disagrees", None)] * 3

    assert [
        ("could not look: a.b0 and 39 more checks: no network", 0),
        ("c.d0: found 500, wanted 200", 50),
        ("c.d1: found 500, wanted 200", 51),
        *[("the command disagrees", None)] * 3,
    ] == list(told_once([*same, *two, *others]))


def test_a_session_that_could_not_look_says_why_once() -> None:
    """Not a screen of one and the same sentence."""
    checks = [
        CheckFinished(f"a.b{n}", "T", "a", "high", "s", "inconclusive", "the network is down")
        for n in range(40)
    ]
    start = SessionStarted("r", "look", "t", "w", "https://w.example", ("pytest",))
    words = Outline(render_html(numbered([start, StageStarted("s", "live"), *checks]))).words
    first_screen = words[: words.index("What was looked at")]

    assert "a.b0 and 39 more checks: the network is down" in first_screen
    assert 1 == first_screen.count("the network is down")


def test_a_session_that_only_looked_does_not_say_that_something_was_done() -> None:
    """The versions beside each other are what serves, and where a rollback would go."""
    records = failed_post_rollback()
    assert isinstance(records[0].event, SessionStarted)
    looked = (replace(records[0], event=replace(records[0].event, mutates="")), *records[1:])
    did, saw = (Outline(render_html(each)).words for each in (records, looked))

    assert "What was done" in did
    assert "From v2.0.0" in did
    assert "What was looked at" in saw
    assert "It serves v2.0.0" in saw
    assert "A rollback would go to v1.9.3" in saw


def test_the_first_screen_of_an_incident_says_what_to_do_and_what_to_type() -> None:
    """Not to begin with some check while the decision is to roll back."""
    records = failed_post_rollback()
    assert isinstance(records[0].event, SessionStarted)
    looked = replace(records[0].event, session="pre_rollback", mutates="")
    words = Outline(render_html((replace(records[0], event=looked), *records[1:]))).words
    first_screen = words[: words.index("What was looked at")]

    assert re.search(r"Next CRITICAL: .* → roll back at once", first_screen)
    assert re.search(r"Type \S+ .*--target prod", first_screen)
    assert "begin with" not in first_screen
