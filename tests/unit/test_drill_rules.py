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

    assert expected == _window(rules, moment)


def _window(rules: DrillRules, moment: str) -> str:
    found = rules.forbid(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("window", "inside", "outside"),
    [
        (
            "Sat 22:00-Sun 06:00",
            ("2026-11-28T22:00", "2026-11-29T00:00"),
            ("2026-11-28T21:59", "2026-11-29T06:00"),
        ),
        ("Mon 00:00-Mon 00:00", ("2026-11-30T00:00", "2026-11-29T23:59", "2026-12-02T12:00"), ()),
        ("Sun 22:00-Mon 06:00", ("2026-11-29T23:59", "2026-11-30T05:59"), ("2026-11-30T06:00",)),
        (
            "Sun 00:00-Sun 24:00",
            ("2026-11-29T00:00", "2026-11-29T23:59"),
            ("2026-11-28T23:59", "2026-11-30T00:00"),
        ),
        (
            "Sat 24:00-Sun 24:00",
            ("2026-11-29T00:00", "2026-11-29T23:59"),
            ("2026-11-28T23:59", "2026-11-30T00:00"),
        ),
        (
            "2026-12-31/2027-01-01",
            ("2026-12-31T00:00", "2027-01-01T23:59"),
            ("2026-12-30T23:59", "2027-01-02T00:00"),
        ),
        ("2028-02-29/2028-02-29", ("2028-02-29T12:00",), ("2028-03-01T00:00",)),
    ],
)
def test_windows_over_midnight_and_the_year_s_end(
    tmp_path: Path, window: str, inside: tuple[str, ...], outside: tuple[str, ...]
) -> None:
    """The end of a weekly one is outside of it, both days of a range are in it."""
    rules = loaded(tmp_path, f'{STAGING}drills = {{ not_in = ["{window}"] }}\n').drills

    assert [window] * len(inside) == [_window(rules, moment) for moment in inside]
    assert [""] * len(outside) == [_window(rules, moment) for moment in outside]


@pytest.mark.parametrize(
    ("window", "inside", "outside"),
    [
        pytest.param(  # at 02:00 it is 03:00: what lies between never comes
            "Sun 02:00-Sun 03:00", (), ("2027-03-28T00:59", "2027-03-28T01:00"), id="an hour that is left out"
        ),
        pytest.param(
            "Sun 02:30-Sun 06:00",
            ("2027-03-28T01:00", "2027-03-28T03:59"),
            ("2027-03-28T00:59", "2027-03-28T04:00"),
            id="a window that begins in it",
        ),
        pytest.param(  # at 03:00 it is 02:00 again: both hours are in it
            "Sun 02:00-Sun 03:00",
            ("2026-10-25T00:00", "2026-10-25T00:59", "2026-10-25T01:00", "2026-10-25T01:59"),
            ("2026-10-24T23:59", "2026-10-25T02:00"),
            id="an hour that comes twice",
        ),
        pytest.param(
            "2026-10-25/2026-10-25",
            ("2026-10-24T22:00", "2026-10-25T22:59"),
            ("2026-10-24T21:59", "2026-10-25T23:00"),
            id="a day of 25 hours",
        ),
    ],
)
def test_windows_over_a_change_of_the_clocks(
    tmp_path: Path, window: str, inside: tuple[str, ...], outside: tuple[str, ...]
) -> None:
    """What the clock on the wall shows decides, in spring and in autumn; moments are UTC."""
    rules = f'[targets.t.drills]\nnot_in = ["{window}"]\ntimezone = "Europe/Berlin"\n'
    found = loaded(tmp_path, STAGING + rules).drills

    assert [window] * len(inside) == [_window(found, moment) for moment in inside]
    assert [""] * len(outside) == [_window(found, moment) for moment in outside]


def test_a_window_that_begins_while_an_hour_comes_twice_is_met_by_a_drill_before_it(tmp_path: Path) -> None:
    """Ten minutes before it by the wall, and an hour and ten by the watch: the longer drill does not fit."""
    rules = '[targets.t.drills]\nnot_in = ["Sun 03:00-Sun 04:00"]\ntimezone = "Europe/Berlin"\n'
    found = loaded(tmp_path, STAGING + rules).drills
    first_ten_to_three = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)

    assert found.forbid(first_ten_to_three, 69) is None
    assert found.forbid(first_ten_to_three, 70) is not None


@pytest.mark.parametrize(("minutes", "refused"), [(1, False), (3, True)])
def test_a_drill_must_be_over_before_a_window_begins(tmp_path: Path, minutes: int, refused: bool) -> None:
    """It would break the bot in the middle of it: at 15:57 with three minutes at most, not with one."""
    target = loaded(tmp_path, STAGING + WINDOWS)
    now = datetime(2026, 11, 27, 14, 57, tzinfo=UTC)
    says = r"not drilled in Fri 16:00-Mon 08:00 \(Europe/Berlin\); that begins at 16:00, and .* 3\.0 minutes"

    with pytest.raises(Refused, match=says) if refused else nullcontext():
        refuse_by_rules(target, (SCENARIO,), now, {SCENARIO.name: 60.0 * minutes})


@pytest.mark.parametrize(("beside", "refused"), [(20.0, False), (70.0, True)])
def test_to_deploy_and_to_look_at_the_good_version_takes_time_too(
    tmp_path: Path, beside: float, *, refused: bool
) -> None:
    """It costs no service, but at 15:57 two scenarios of half a minute may not be over at 16:00."""
    target = loaded(tmp_path, STAGING + WINDOWS)
    now = datetime(2026, 11, 27, 14, 57, tzinfo=UTC)
    says = r"that begins at 16:00, and .* 3\.3 minutes \(counted: .*, and how long it took them to deploy and"

    with pytest.raises(Refused, match=says) if refused else nullcontext():
        refuse_by_rules(target, (SCENARIO, SCENARIO), now, {SCENARIO.name: 30.0}, beside)


@pytest.mark.parametrize(
    ("drills", "says"),
    [
        ('{ not_in = ["Friday"] }', 'found "Friday", wanted such as "Fri 16:00-Mon 08:00"'),
        ('{ not_in = ["Fri 25:00-Mon 08:00"] }', "hour must be in 0..23"),
        ('{ not_in = ["Fri 16:60-Mon 08:00"] }', "minute must be in 0..59"),
        ('{ not_in = ["Fri 24:01-Mon 08:00"] }', "hour must be in 0..23"),
        ('{ not_in = ["fri 16:00-mon 08:00"] }', "wanted such as"),
        ('{ not_in = ["Fri 16:00\u2013Mon 08:00"] }', "wanted such as"),
        ('{ not_in = ["Fri 4pm-Mon 8am"] }', "wanted such as"),
        ("{ not_in = [5] }", "a list of texts"),
        ('{ not_in = [""] }', "a list of texts"),
        ('{ timezone = "" }', "wanted"),
        ("{ timezone = 2 }", "timezone"),
        ("{ error_budget = nan }", "error_budget"),
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
