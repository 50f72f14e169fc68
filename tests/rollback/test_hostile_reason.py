"""A reason that would act if it were let is shown by all that a session leaves, and obeyed by nothing."""

from __future__ import annotations

from pathlib import Path

from tests.rollback.sessions import session
from tests.unit.hostile import ACTING, HOSTILE

REASON = HOSTILE.replace("\0", "") + "R" * 8000  # a command line can't hold a null byte


def test_a_hostile_reason(tmp_path: Path) -> None:
    """On the terminal, in the journal, and in the pages; the bot is rolled back all the same."""
    ended = session(tmp_path, "-m", "post_rollback", "--rollback", "--fault=health-503", f"--reason={REASON}")

    assert 0 == ended.code, ended.output
    acting = {"\x1b", "\x07", "\x08", "\x9b", "\u202e", "\u2066"}
    left = {
        path.name: path.read_text(encoding="utf-8")
        for path in tmp_path.glob("reports/2*/*.*")
        if path.is_file()
    }
    assert {"journal.jsonl", "report.html", "incident.md", "junit.xml"} <= left.keys()
    assert {} == {name: found for name, text in left.items() if (found := acting & set(text))}
    assert not acting & set(ended.output)
    assert "<script>document" not in left["report.html"]
    assert not ACTING & set(left["incident.md"])
