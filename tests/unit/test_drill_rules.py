"""When a target may be drilled, and what a drill may cost."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backstop.drill.gate import refuse_by_rules
from backstop.model.drill_rules import DrillRules
from backstop.model.errors import Refused
from tests.unit.drilling import SCENARIO
from tests.unit.targetsfiles import complaints, loaded

STAGING = '[targets.t]\nurl = "https://bot.example.workers.dev"\n'
SANDBOX = '[targets.t]\nsandbox = true\nproject = "bot"\n'
WINDOWS = """[targets.t.drills]
not_in = ["Fri 16:00-Mon 08:00", "2026-12-20/2027-01-06"]
timezone = "Europe/Berlin"
"""


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-27T14:59", ""),  # a Friday, 15:59 in Berlin
        ("2026-11-27T15:00", "Fri 16:00-Mon 08:00"),
        ("2026-11-29T12:00", "Fri 16:00-Mon 08:00"),
        ("2026-11-30T06:59", "Fri 16:00-Mon 08:00"),
        ("2026-11-30T07:00", ""),  # the window's end is outside of it
        ("2026-07-03T14:00", "Fri 16:00-Mon 08:00"),  # summer time: 16:00 in Berlin
        ("2026-07-03T13:59", ""),
        ("2026-12-19T23:30", "Fri 16:00-Mon 08:00"),
        ("2026-12-22T12:00", "2026-12-20/2027-01-06"),
        ("2027-01-06T22:59", "2026-12-20/2027-01-06"),  # the last minute of it in Berlin
        ("2027-01-06T23:00", ""),
    ],
)
def test_a_window_is_read_in_its_own_zone(tmp_path: Path, moment: str, expected: str) -> None:
    """Over the week's end, the year's end and the change of the clocks."""
    rules = loaded(tmp_path, STAGING + WINDOWS).drills

    assert expected == rules.forbid(datetime.fromisoformat(moment).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("drills", "says"),
    [
        ('{ not_in = ["Friday"] }', 'found "Friday", wanted such as "Fri 16:00-Mon 08:00"'),
        ('{ not_in = ["Fri 25:00-Mon 08:00"] }', "hour must be in 0..23"),
        ('{ not_in = ["2026-02-30/2026-03-01"] }', "day is out of range"),
        ('{ not_in = ["2027-01-06/2026-12-20"] }', "which ends before it begins"),
        ('{ not_in = "Fri 16:00-Mon 08:00" }', "a list of texts"),
        ('{ timezone = "Europe/Berlln" }', "wanted a name such as Europe/Berlin"),
        ('{ timezone = "../etc" }', "wanted a name such as Europe/Berlin"),
        ("{ error_budget = 0 }", "a number above 0"),
        ('{ not_on = ["Fri 16:00-Mon 08:00"] }', "unknown key"),
        ("5", "a table"),
    ],
)
def test_a_rule_that_can_not_be_read_is_named(tmp_path: Path, drills: str, says: str) -> None:
    """A window that is not understood would be none."""
    assert says in "\n".join(complaints(tmp_path, f"{STAGING}drills = {drills}\n"))


NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_a_drill_that_would_overspend_is_refused(tmp_path: Path) -> None:
    """One scenario of two minutes fits into two, two of them do not."""
    target = loaded(tmp_path, STAGING + "drills = { error_budget = 2 }\n")
    refuse_by_rules(target, (SCENARIO,), NOW, {})

    with pytest.raises(Refused, match=r"may cost 4\.0 minutes of service, and the error budget is 2 .*sum"):
        refuse_by_rules(target, (SCENARIO, SCENARIO), NOW, {})


def test_a_drill_that_was_quick_before_is_counted_as_such(tmp_path: Path) -> None:
    """And one that was slow, too, whatever its budget says."""
    target = loaded(tmp_path, STAGING + "drills = { error_budget = 2 }\n")
    refuse_by_rules(target, (SCENARIO, SCENARIO), NOW, {SCENARIO.name: 20.0})

    with pytest.raises(Refused, match=r"may cost 2\.5 minutes of service.*took in the last drills here"):
        refuse_by_rules(target, (SCENARIO,), NOW, {SCENARIO.name: 150.0})


@pytest.mark.parametrize(("text", "refused"), [(STAGING, True), (SANDBOX, False)])
def test_a_month_at_99_9_per_cent_is_the_usual_budget(tmp_path: Path, text: str, refused: bool) -> None:
    """43.2 minutes; a sandbox has no month."""
    target = loaded(tmp_path, text)
    refuse_by_rules(target, [SCENARIO] * 21, NOW, {})

    with pytest.raises(Refused) if refused else nullcontext():
        refuse_by_rules(target, [SCENARIO] * 22, NOW, {})


def test_no_drill_in_a_window(tmp_path: Path) -> None:
    """The window is named as it was written."""
    target = loaded(tmp_path, STAGING + 'drills = { not_in = ["2026-11-25/2026-11-25"] }\n')

    with pytest.raises(Refused, match=r"not drilled in 2026-11-25/2026-11-25 \(UTC\)"):
        refuse_by_rules(target, (SCENARIO,), NOW, {})


def test_a_target_without_rules_is_drilled_any_time() -> None:
    """The pair of what is refused above."""
    assert not DrillRules().forbid(NOW)
