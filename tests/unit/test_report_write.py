"""The files of a session are written together, and come out the same from the file as from memory."""

from __future__ import annotations

import json
from pathlib import Path

from backstop.journal.codec import to_line
from backstop.journal.reader import read
from backstop.model.verdict import Ending
from backstop.report.summary import summary
from backstop.report.write import write_reports
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
