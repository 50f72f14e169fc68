"""summary.md: five lines, whatever happened."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from backstop.journal.conclusion import conclude
from backstop.journal.events import MutationUndone, ScenarioDeclared, SessionStarted
from backstop.journal.record import Record
from backstop.report.summary import summary
from tests.unit.arbitrary import journals
from tests.unit.samples import drill


def test_a_verified_drill() -> None:
    """What was drilled, how it went, how long it took, what is left, what to do."""
    lines = summary(conclude(drill())).splitlines()

    assert lines[0].startswith("**VERIFIED** · drill of local (reference-bot) · 2026-11-23 03:12 UTC · run ")
    assert "- Scenarios: 3 of 3 as declared" == lines[1]
    assert lines[2].startswith("- Time to verified: at most ")
    assert lines[2].endswith(" allowed")
    assert [
        "- Left in place: nothing; 3 changes undone",
        "- Next: nothing; the report has the rest",
    ] == lines[3:]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--scenario", "slow-tail"), ", picked by --scenario; `backstop score` has the others"),
        (("--scenario=slow-tail",), ", picked by --scenario; `backstop score` has the others"),
        (("--scenarios", "mine"), ""),
    ],
)
def test_some_of_the_scenarios_are_not_all(words: tuple[str, ...], told: str) -> None:
    """One of one is no whole drill: the line must not read as if all were proven."""
    first, *others = drill()
    assert isinstance(first.event, SessionStarted)
    event = replace(first.event, command=("pytest", *words))
    lines = summary(conclude([replace(first, event=event), *others])).splitlines()

    assert f"- Scenarios: 3 of 3 as declared{told}" == lines[1]


def test_a_sandbox_is_named() -> None:
    """What was drilled there is not proven of a deployed bot."""
    first, *others = drill()
    assert isinstance(first.event, SessionStarted)
    event = replace(first.event, place="sandbox")
    lines = summary(conclude([replace(first, event=event), *others])).splitlines()

    assert lines[0].startswith("**VERIFIED** · drill of local (reference-bot, in a sandbox) · ")


@pytest.mark.parametrize("cut", [0, 1, 5, 40, 100])
def test_a_drill_that_was_cut_short_has_five_lines_too(cut: int) -> None:
    """And does not say that it went well."""
    lines = summary(conclude(drill()[:cut])).splitlines()

    assert 5 == len(lines)
    assert "VERIFIED" not in lines[0]


def test_what_is_left_is_named() -> None:
    """It matters more than all else."""
    left = [record for record in drill() if not isinstance(record.event, MutationUndone)]

    assert "- Left in place: deploy the bot under" in summary(conclude(left)).splitlines()[3]


def test_a_scenario_that_did_not_go_as_declared_is_named() -> None:
    """With what became of it."""
    more = ScenarioDeclared("mine", "mine", "f", "x", ("a.b",), "high", "done")
    first, *others = drill()
    records = [first, Record(first.n, first.at, first.t, more), *others]

    assert "- Scenarios: 3 of 4 as declared: mine not shown" == summary(conclude(records)).splitlines()[1]


def test_what_somebody_calls_a_thing_is_shown_and_acts_upon_nobody() -> None:
    """No mention, no link, no picture and no tag, where it is made an issue of; commands stay as they are."""
    name = "@team [x](https://x.example) <img src=x> &#64;all `a"
    more = ScenarioDeclared(name, name, "f", "x", ("a.b",), "high", "done")
    first, *others = drill()
    assert isinstance(first.event, SessionStarted)
    event = replace(first.event, target="my_bot|*x*", command=("pytest", "-m", "post_rollback"))
    records = [replace(first, event=event), Record(first.n, first.at, first.t, more), *others]
    lines = summary(conclude(records)).splitlines()

    assert "drill of my_bot\\|\\*x\\* (reference-bot)" in lines[0]
    assert r"`@team` `[x](https://x.example)` \<img src=x\> \&#64;all \`a not shown" in lines[1]
    assert "pytest -m post_rollback" in lines[4]


@pytest.mark.parametrize("name", ["@a" * 400, "`" * 400, "<" * 400, "x" * 400])
def test_what_is_cut_is_harmless_too(name: str) -> None:
    """Nothing is cut in its middle."""
    more = ScenarioDeclared(name, name, "f", "x", ("a.b",), "high", "done")
    first, *others = drill()
    line = summary(conclude([first, Record(first.n, first.at, first.t, more), *others])).splitlines()[1]

    assert len(line) <= 300
    assert line.endswith(("…", "…`"))
    assert 0 == line.replace("\\`", "").count("`") % 2
    assert "<" not in line.replace("\\<", "")


@settings(max_examples=50)
@given(records=journals)
def test_any_journal_has_five_lines(records: tuple[Record, ...]) -> None:
    """None of them too long for a chat, and nothing hidden in them."""
    lines = summary(conclude(records)).split("\n")

    assert 6 == len(lines)
    assert "" == lines[-1]
    assert max(map(len, lines)) <= 300
