"""The files of a session are written together, and come out the same from the file as from memory."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backstop.journal.codec import to_line
from backstop.journal.merge import Source, merge
from backstop.journal.reader import read
from backstop.model.verdict import Ending
from backstop.report.summary import summary
from backstop.report.write import write_merged, write_reports
from backstop.storage import CannotWrite
from tests.unit.samples import drill, failed_post_rollback

FILES = ["incident.md", "junit.xml", "report.html", "verdict.json"]


def test_a_session_leaves_four_files(tmp_path: Path) -> None:
    """Beside its journal."""
    conclusion = write_reports(failed_post_rollback(), tmp_path)

    assert FILES == sorted(path.name for path in tmp_path.iterdir())
    assert Ending.FAILED is conclusion.ending
    assert "failed" == json.loads((tmp_path / "verdict.json").read_text())["verdict"]


def test_a_drill_leaves_its_summary_too(tmp_path: Path) -> None:
    """Five lines, for an issue or a chat."""
    conclusion = write_reports(drill(), tmp_path)

    assert sorted([*FILES, "summary.md"]) == sorted(path.name for path in tmp_path.iterdir())
    assert summary(conclusion) == (tmp_path / "summary.md").read_text()


def test_reports_made_again_from_the_file_are_the_same(tmp_path: Path) -> None:
    """Byte for byte, offline, whenever."""
    now, later = tmp_path / "now", tmp_path / "later"
    journal = tmp_path / "journal.jsonl"
    journal.write_text("".join(map(to_line, failed_post_rollback())))

    write_reports(failed_post_rollback(), now)
    write_reports(read(journal), later)

    assert [(now / name).read_bytes() for name in FILES] == [(later / name).read_bytes() for name in FILES]


PAGES = ["incident.md", "junit.xml", "report.html", "summary.md"]


@pytest.mark.parametrize("lost", PAGES)
def test_a_page_that_can_not_be_written_keeps_no_other_from_being(tmp_path: Path, lost: str) -> None:
    """It is named, and there is no verdict, which would speak of pages that are not there."""
    (tmp_path / lost).mkdir()

    with pytest.raises(CannotWrite, match=lost):
        write_reports(drill(), tmp_path)

    assert [name for name in PAGES if name != lost] == sorted(
        path.name for path in tmp_path.iterdir() if path.is_file()
    )


def test_all_that_is_lost_is_named(tmp_path: Path) -> None:
    """Where some are written. Where none can be, one sentence says it."""
    for name in ("report.html", "incident.md"):
        (tmp_path / name).mkdir()

    with pytest.raises(CannotWrite, match=r"report\.html can't .*; .*incident\.md can't"):
        write_reports(failed_post_rollback(), tmp_path)
    with pytest.raises(CannotWrite, match=r"^[^;]*report\.html can't [^;]*$"):
        write_merged(merge([Source("a", failed_post_rollback())]), tmp_path)
    assert not (tmp_path / "verdict.json").exists()
