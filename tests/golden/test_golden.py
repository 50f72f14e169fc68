"""Reports come out of a journal byte for byte, whenever and wherever they are made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.cases import CASES, REPORTS, Case

ANEW = "looked at the change and meant it? python -m tests.golden makes the golden reports anew"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_reports_of_a_kept_journal_are_what_they_were(tmp_path: Path, case: Case) -> None:
    """All three files, and the exit code."""
    code = case.report(tmp_path)

    assert case.code == code
    for name in REPORTS:
        expected, found = (case.folder / name).read_bytes(), (tmp_path / name).read_bytes()
        assert expected == found, f"{case.name}/{name}: {ANEW}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_kept_journals_are_those_that_the_command_makes(case: Case) -> None:
    """Nobody has changed them by hand."""
    for name, make in case.journals.items():
        assert make() == (case.folder / name).read_bytes(), "python -m tests.golden --journals"


def test_another_journal_makes_another_report(tmp_path: Path) -> None:
    """So that it is the journal that the golden reports are made of."""
    changed = next(case for case in CASES if case.name == "changed")
    other = next(case for case in CASES if case.name == "rollback")
    other.report(tmp_path)

    same = [
        name for name in REPORTS if (changed.folder / name).read_bytes() == (tmp_path / name).read_bytes()
    ]
    assert [] == same
