"""``backstop report``: what it writes, what it says, and the exit code of the table."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from backstop.cli.main import main
from backstop.journal.events import SessionStarted
from backstop.journal.record import Record
from backstop.journal.writer import Journal
from tests.unit.samples import drill, failed_post_rollback

FILES = ("report.html", "incident.md", "verdict.json")


def left_by(records: tuple[Record, ...], folder: Path) -> Path:
    """The journal that such a session leaves in a folder."""
    folder.mkdir(parents=True)
    with Journal(folder / "journal.jsonl") as journal:
        for record in records:
            journal.write(record.event)
    return journal.path


def another(run: str) -> tuple[Record, ...]:
    """A drill like the sample, of another run."""
    first, *rest = drill()
    assert isinstance(first.event, SessionStarted)
    return (replace(first, event=replace(first.event, run=run)), *rest)


def test_one_journal_beside_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its folder may be named in its place; the seal is the last that is said."""
    journal = left_by(drill(), tmp_path / "run")

    assert 0 == main(["report", str(journal)])
    first = [(tmp_path / "run" / name).read_bytes() for name in FILES]
    assert 0 == main(["report", str(tmp_path / "run")])

    assert first == [(tmp_path / "run" / name).read_bytes() for name in FILES]
    seal = json.loads(journal.read_bytes().splitlines()[-1])["chain"]
    assert capsys.readouterr().out.splitlines()[-1] == f"seal:   {seal}"
    for name in FILES:
        assert seal in (tmp_path / "run" / name).read_text()


def test_the_exit_code_is_that_of_the_verdict(tmp_path: Path) -> None:
    """So that a script can tell what the report says."""
    assert 1 == main(["report", str(left_by(failed_post_rollback(), tmp_path / "run"))])


def test_several_are_one_incident(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a folder of their own among the reports, the same whatever their order."""
    one, two = left_by(drill(), tmp_path / "one"), left_by(another("other"), tmp_path / "two")
    reports = tmp_path / "reports"

    assert 0 == main(["report", str(one), str(two), "--reports", str(reports)])
    folder = next(reports.iterdir())
    first = [(folder / name).read_bytes() for name in FILES]
    assert 0 == main(["report", str(two), str(one), "--reports", str(reports)])

    assert [folder] == list(reports.iterdir())
    assert folder.name.endswith("-incident-local")
    assert first == [(folder / name).read_bytes() for name in FILES]
    assert "VERIFIED · 2 of 2 journals verified" in capsys.readouterr().out
    journals = json.loads((folder / "verdict.json").read_text())["journals"]
    assert ["20261123T031231Z-drill-local", "other"] == sorted(journal["run"] for journal in journals)


def test_a_vantage_point_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is no wrong usage: the incident is inconclusive, and says from where nothing is known."""
    one = left_by(drill(), tmp_path / "one")
    vantages = [f"--vantage=iad={one}", f"--vantage=fra={tmp_path / 'fra'}"]

    assert 20 == main(["report", *vantages, "--into", str(tmp_path / "into")])

    assert "nothing is known from fra" in capsys.readouterr().out
    assert ["fra"] == json.loads((tmp_path / "into" / "verdict.json").read_text())["missing"]
    assert "nothing is known from fra" in (tmp_path / "into" / "incident.md").read_text()
    assert "Nothing is known from fra" in (tmp_path / "into" / "report.html").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing.jsonl"],
        ["--vantage", "no-path"],
        ["journal.jsonl", "--sealed", "short"],
        ["one.jsonl", "two.jsonl", "--sealed", "0123456789abcdef"],
        ["/dev/null/journal.jsonl"],
        ["/dev/zero"],
    ],
)
def test_wrong_usage_is_told_and_ends_with_4(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written, and nothing is waited for."""
    assert 4 == main(["report", *arguments])

    assert capsys.readouterr().err


def test_every_row_of_an_incident_cites_journal_and_line(tmp_path: Path) -> None:
    """Two journals have a line of each number."""
    one, two = left_by(drill(), tmp_path / "one"), left_by(another("other"), tmp_path / "two")

    main(["report", str(one), str(two), "--into", str(tmp_path / "into")])

    page = (tmp_path / "into" / "report.html").read_text()
    assert ">A L0<" in page
    assert ">B L0<" in page
    assert "(line 0 of A)" in (tmp_path / "into" / "incident.md").read_text()


def test_what_a_journal_says_does_not_act_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be of anybody's making."""
    journal = left_by(drill(), tmp_path / "run")
    journal.write_bytes(journal.read_bytes().replace(b'"target": "local"', rb'"target": "\u001b[2J"'))

    assert 20 == main(["report", str(journal)])

    assert "\x1b" not in capsys.readouterr().out


def test_a_seal_that_was_announced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was announced while the session still ran holds for all lines up to then."""
    journal = left_by(drill(), tmp_path / "run")
    chains = [json.loads(line)["chain"] for line in journal.read_bytes().splitlines()]

    assert 0 == main(["report", str(journal), "--sealed", chains[-1]])
    assert 0 == main(["report", str(journal), "--sealed", chains[20][:12].upper()])

    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("sealed")]
    last = len(chains) - 1
    assert [f"sealed: as announced, up to line {n} of {last}" for n in (last, 20)] == said


def test_a_journal_that_was_chained_anew_is_not_the_one_that_was_announced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has no broken link, and another seal."""
    announced = json.loads(left_by(drill(), tmp_path / "one").read_bytes().splitlines()[-1])["chain"]

    assert 20 == main(["report", str(left_by(another("other"), tmp_path / "two")), "--sealed", announced])
    assert "this is another journal, or it was changed" in capsys.readouterr().out


def test_a_change_before_what_was_announced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The hash stands there, but no longer for what is before it."""
    journal = left_by(drill(), tmp_path / "run")
    announced = json.loads(journal.read_bytes().splitlines()[-1])["chain"]
    journal.write_bytes(journal.read_bytes().replace(b"0.018", b"0.017", 1))

    assert 20 == main(["report", str(journal), "--sealed", announced])
    assert "is damaged" in capsys.readouterr().out
