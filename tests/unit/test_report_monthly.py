"""The report of a drill of all scenarios: small enough to be attached, and with all of its evidence."""

from __future__ import annotations

import re

import pytest

from backstop.journal.events import CheckFinished
from backstop.report.html import render_html
from tests.unit.monthly import CHECKS, SCENARIOS, monthly
from tests.unit.test_report_html import Outline

_FIVE = range(5)
_ALL = range(SCENARIOS)


def test_a_monthly_drill_of_all_scenarios_can_be_attached() -> None:
    """With room for more; and twice as much happened makes a page of at most twice the size."""
    half, whole = (len(render_html(monthly(count)).encode()) for count in (SCENARIOS // 2, SCENARIOS))

    assert whole < 240_000
    assert half < whole < 2 * half * 19 / 18


@pytest.mark.parametrize(
    ("missed", "unmended"), [(_FIVE, ()), (_ALL, ()), ((), _FIVE), ((), _ALL), (_FIVE, range(5, 10))]
)
def test_so_can_one_with_failures_in_it(missed: range, unmended: range) -> None:
    """When it matters most: faults that nothing noticed, and rollbacks after which the bot is not well."""
    outline = Outline(page := render_html(monthly(missed=missed, unmended=unmended)))

    assert len(page.encode()) < 300_000
    assert "Failures" in outline.words
    assert {link for link in outline.links if link.removeprefix("#") not in outline.ids} == set()


def test_all_that_a_monthly_drill_noticed_is_listed_each_with_its_line() -> None:
    """What is red on purpose is the evidence of a drill, to the last scenario; without its advice."""
    records = monthly()
    red = [r.n for r in records if isinstance(r.event, CheckFinished) and r.event.outcome == "fail"]
    words = Outline(render_html(records)).words
    told = words[words.index("Red on purpose 323") : words.index("Latency and errors")]

    assert [] == [line for line in red if f" L{line}" not in told]
    assert "more are in journal.jsonl" not in told
    assert "never throw" not in told


def test_the_lines_of_failures_lead_to_what_was_found() -> None:
    """From the first screen to the entry; all of them are there, the heaviest at length."""
    records = monthly(unmended=_FIVE)
    red = [
        r.n
        for r in records
        if isinstance(r.event, CheckFinished) and r.event.outcome == "fail" and not r.event.expected_red
    ]
    page = render_html(records)
    told = page[page.index("h-g-failures") : page.index("h-phases")]

    assert [] == [line for line in red if f"<small id=n{line}>L{line}</small>" not in told]
    assert f"href=#n{red[0]}>" in page[: page.index("h-g-failures")]
    assert "And, in brief" in told


def test_checks_that_ended_alike_at_every_stage_share_their_cells() -> None:
    """A tall cell stands for neighbours; one that ended otherwise has its own, and every check its row."""
    page = render_html(monthly(1))
    table = page[page.index('<table class="matrix wide') : page.index('class="legend words"')]

    assert CHECKS == len(re.findall(r"<summary>\w+\.<wbr>", table))
    assert "tall" not in table
    assert 0 == table.count("rowspan")

    page = render_html(monthly(4))
    table = page[page.index('<table class="matrix wide') : page.index('class="legend words"')]

    assert CHECKS == len(re.findall(r"<summary>\w+\.<wbr>", table))
    assert "a tall one for several checks" in table
    assert table.count("rowspan") > 0


def test_a_stage_has_a_number_by_which_it_is_named() -> None:
    """Over its column, and wherever many of them are listed."""
    words = Outline(render_html(monthly(4))).words

    assert "0 good 1 scenario-0-of-some-length 2 again 3 scenario-1-of-some-length 4 again" in words
    assert "A number stands for its stage, as over the table of checks" in words


def test_what_happened_says_once_what_each_stage_says() -> None:
    """How long its set-up took stands where it begins; who agreed, and each step, in their own sections."""
    words = Outline(render_html(monthly(4))).words
    log = words[words.index("What happened, line by line") : words.index("What was changed")]

    assert "1-fault-scenario-0-of-some-length begins, set up in 0.90 s" in log
    assert "rollback done: after 0.83 s" in log
    assert "first correct" not in log
    assert "it served before the fault was deployed" in words[: words.index("What happened")]
    assert " ready " not in log


def test_what_is_said_again_and_again_is_said_once() -> None:
    """With every time and line of it."""
    words = Outline(render_html(monthly(4))).words
    said = words[words.index("What was said while it ran") :]

    assert 4 == len(re.findall(r"deploying the bot under exception-everywhere … L\d+", said))
