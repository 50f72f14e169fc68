"""Every check that there is belongs to a row of the decision policy."""

from __future__ import annotations

from backstop.model.severity import Severity
from backstop.policy.table import TABLE, row_of
from tools.checks_table import Line

OF_NO_BOT = {
    "drills",
    "freshness",
    "gate",
    "ready",
}  # of what a session needs, and of drills: the policy is of bots


def test_every_check_of_a_bot_has_its_row(checks: tuple[Line, ...]) -> None:
    """Named there, or a minor finding: none is left to weigh itself without somebody having decided so."""
    without = [
        f"{check.id} ({check.severity})"
        for check in checks
        if check.suite not in OF_NO_BOT and row_of(check.id, Severity(check.severity)) is None
    ]

    assert [] == without


def test_every_row_names_checks_that_there_are(checks: tuple[Line, ...]) -> None:
    """A row that nothing can make speak would promise what nobody looks at; a figure can without a check."""
    silent = [
        (row.name, pattern)
        for row in TABLE
        for pattern in row.checks
        if row.measure is None
        and not any(
            row_of(each.id, Severity(each.severity)) is row
            and (each.id == pattern or (pattern.endswith("*") and each.id.startswith(pattern[:-1])))
            for each in checks
        )
    ]

    assert [] == silent
