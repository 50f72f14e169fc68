"""The list of sessions, and the rule by which old ones go."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backstop.cli.main import main
from backstop.history import History, write_index
from backstop.model.keeping import Keeping
from backstop.model.verdict import Verdict
from backstop.report.archive import sessions_left
from backstop.report.signs import sign_of_verdict
from backstop.score.record import DrillRecord, ScenarioRecord
from backstop.score.shelf import DrillRecords
from backstop.storage import RunDirectory

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def leave(
    reports: Path, age: timedelta, *, verdict: str = "verified", run: str = "r", **other: object
) -> RunDirectory:
    """The folder of a session that ended so long ago."""
    session, target = str(other.get("session", "look")), str(other.get("target", "prod"))
    folder = RunDirectory.create(reports, session, target, NOW - age)
    members: Mapping[str, object] = {
        "schema": 1,
        "run": run,
        "session": session,
        "target": target,
        "verdict": verdict,
        "severity": "none",
        "decision": "nothing",
        "timings": {"session_s": 3.2, "verified_s": 12.0},
    }
    path = folder.write("verdict.json", json.dumps({**members, **other}))
    folder.write("journal.jsonl", "")
    for each in (path, path.with_name("journal.jsonl")):
        os.utime(each, ((NOW - age).timestamp(),) * 2)
    return folder


def history(reports: Path, sessions: int = 2, days: int = 400) -> History:
    """One that keeps so many."""
    return History(reports, Keeping(sessions, days), DrillRecords(reports / "drills"))


def names(reports: Path) -> list[str]:
    """The sessions that are still there, the oldest first."""
    return sorted(path.name for path in reports.iterdir() if path.is_dir() and path.name[0] == "2")


def test_the_page_lists_sessions_with_their_verdicts(tmp_path: Path) -> None:
    """The newest first, with a link to the report, and without anything that acts or asks."""
    old = leave(tmp_path, 2 * DAY)
    new = leave(tmp_path, DAY, verdict="failed", severity="critical", decision="roll back at once")

    page = write_index(tmp_path).read_text()

    assert 0 < page.index(f'href="{new.run}/report.html"') < page.index(f'href="{old.run}/report.html"')
    assert "1 of the last 2 verified" in page
    assert "roll back at once" in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_same_sessions_make_the_same_page(tmp_path: Path) -> None:
    """Whenever it is made."""
    leave(tmp_path, DAY)

    first = write_index(tmp_path).read_bytes()

    assert first == write_index(tmp_path).read_bytes()


def test_an_empty_directory_has_a_page_that_says_so(tmp_path: Path) -> None:
    """Before the first session."""
    assert "0 sessions" in write_index(tmp_path / "reports").read_text()


def test_a_session_without_a_verdict_is_listed_and_kept(tmp_path: Path) -> None:
    """It may still be running: however old it is, the rule does not touch it."""
    running = RunDirectory.create(tmp_path, "drill", "staging", NOW - 900 * DAY)
    for days in range(4):
        leave(tmp_path, days * DAY)

    history(tmp_path).renew(NOW)

    assert running.path.is_dir()
    assert "no verdict" in (tmp_path / "index.html").read_text()


def test_beyond_so_many_the_oldest_go(tmp_path: Path) -> None:
    """And the page does not speak of them any more."""
    left = [leave(tmp_path, days * DAY).run for days in range(5)]

    removed = history(tmp_path, sessions=2).renew(NOW)

    assert set(left[2:]) == set(removed)
    assert sorted(left[:2]) == names(tmp_path)
    assert left[4] not in (tmp_path / "index.html").read_text()
    assert [] == list(tmp_path.glob(".going-*"))


def test_what_is_too_old_goes_however_few_there_are(tmp_path: Path) -> None:
    """All but the newest, which is what there is to show."""
    left = [leave(tmp_path, days * DAY).run for days in (500, 600)]

    history(tmp_path, sessions=200, days=400).renew(NOW)

    assert [left[0]] == names(tmp_path)


@pytest.mark.parametrize("verdict", ["unrestored", "unconfirmed"])
def test_what_may_have_left_something_in_place_stays(tmp_path: Path, verdict: str) -> None:
    """Its journal says how to put it back."""
    kept = leave(tmp_path, 900 * DAY, verdict=verdict)
    leave(tmp_path, DAY)

    history(tmp_path, sessions=1).renew(NOW)

    assert kept.path.is_dir()


def test_what_latest_points_to_stays(tmp_path: Path) -> None:
    """Monitors do not move it, and a link to nothing helps nobody."""
    kept = leave(tmp_path, 900 * DAY)
    kept.point_latest()
    leave(tmp_path, DAY)

    history(tmp_path, sessions=1).renew(NOW)

    assert kept.path.is_dir()


def test_what_has_just_been_written_stays(tmp_path: Path) -> None:
    """Other plugins write their files after the verdict."""
    kept = leave(tmp_path, 900 * DAY)
    os.utime(kept.path / "journal.jsonl", (NOW.timestamp(), NOW.timestamp()))
    leave(tmp_path, DAY)

    history(tmp_path, sessions=1).renew(NOW)

    assert kept.path.is_dir()


def drill_record(run: str, age: timedelta, verdict: str) -> DrillRecord:
    """What a drill of one scenario proved."""
    scenario = ScenarioRecord("one", "One", "fault", "high", verdict, (), (), {"verified": 4.0})
    return DrillRecord(run, "prod", "bot", "staging", NOW - age, 9.0, 0.0, verdict, 0, (scenario,), {})


def test_drills_that_still_count_stay(tmp_path: Path) -> None:
    """Those that are in date, and the last word on each scenario, which counts until it is drilled again."""
    runs = {"old": (300 * DAY, "verified"), "failed": (200 * DAY, "failed"), "last": (100 * DAY, "verified")}
    reports = {run: leave(tmp_path, age, run=run, session="drill") for run, (age, _) in runs.items()}
    leave(tmp_path, DAY)
    ours = history(tmp_path, sessions=1)
    for run, (age, verdict) in runs.items():
        ours.records.keep(drill_record(run, age, verdict))

    ours.renew(NOW)

    assert {"old": False, "failed": True, "last": True} == {
        run: each.path.is_dir() for run, each in reports.items()
    }


@pytest.mark.parametrize(
    "other",
    [
        {"session": "look", "target": "prod", "verdict": "splendid"},
        {"session": 7, "target": "prod", "verdict": "verified"},
        {"session": "look", "target": "staging", "verdict": "verified"},
    ],
)
def test_what_is_not_ours_is_never_touched(tmp_path: Path, other: dict[str, object]) -> None:
    """A folder must have our name and a verdict of that very session."""
    folder = RunDirectory.create(tmp_path, "look", "prod", NOW - 900 * DAY)
    members = {"run": "r", "severity": "none", "decision": "nothing", **other}
    folder.write("verdict.json", json.dumps(members))
    notes = tmp_path / "20240101T000000Z"
    notes.mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "20240101T000000Z-look-prod").symlink_to(elsewhere)
    leave(tmp_path, DAY)

    history(tmp_path, sessions=1, days=1).renew(NOW)

    assert folder.path.is_dir()
    assert notes.is_dir()
    assert elsewhere.is_dir()


def test_verdicts_of_anybodys_making_do_no_harm(tmp_path: Path) -> None:
    """Whatever is in the files, there is a page."""
    for number, content in enumerate([b"", b"\xff", b"[" * 100_000, b"{}", b'{"verdict": []}', b'"x"']):
        folder = RunDirectory.create(tmp_path, "look", "prod", NOW - number * DAY)
        (folder.path / "verdict.json").write_bytes(content)
    leave(tmp_path, 9 * DAY, decision="<script>alert(1)</script>\x1b[31m", timings={"session_s": 1e300})

    page = write_index(tmp_path).read_text()

    assert "7 sessions" in page
    assert "<script" not in page
    assert "\x1b" not in page


def test_sessions_that_end_at_once_are_both_listed(tmp_path: Path) -> None:
    """Each makes the page after its own verdict, one after the other: the last lists all."""
    left = [leave(tmp_path, n * timedelta(seconds=1)).run for n in range(8)]
    ours = history(tmp_path, sessions=200)

    threads = [threading.Thread(target=ours.renew, args=(NOW,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    page = (tmp_path / "index.html").read_text()
    assert [] == [run for run in left if run not in page]


def test_only_so_many_are_removed_at_once(tmp_path: Path) -> None:
    """The first session under a new rule does not wait for a thousand folders to go."""
    for number in range(60):
        leave(tmp_path, (number + 1) * DAY)

    assert 50 == len(history(tmp_path, sessions=1).renew(NOW))
    assert 10 == len(sessions_left(tmp_path))


def test_the_command_makes_the_page_and_removes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``backstop report --index``."""
    left = [leave(tmp_path, days * DAY).run for days in (1, 900)]

    assert 0 == main(["report", "--index", "--reports", str(tmp_path)])

    assert sorted(left) == names(tmp_path)
    assert f"page: {tmp_path / 'index.html'}" in capsys.readouterr().out


def test_index_goes_without_journals(tmp_path: Path) -> None:
    """It is about all sessions."""
    assert 4 == main(["report", "--index", str(tmp_path / "journal.jsonl")])


def test_why_there_is_no_verdict_is_said(tmp_path: Path) -> None:
    """One that still runs is not one whose verdict is no JSON, a folder, or another session's."""
    RunDirectory.create(tmp_path, "drill", "prod", NOW)
    for number, spoil in enumerate((b"\xff{", b"[]", b'{"run": "of another"}', None)):
        path = leave(tmp_path, (number + 1) * DAY).path / "verdict.json"
        path.unlink()
        path.mkdir() if spoil is None else path.write_bytes(spoil)

    page = write_index(tmp_path).read_text()

    assert 1 == page.count("still running, or cut short")
    assert 4 == page.count("its verdict can't be read, or is not its own")


@pytest.mark.parametrize("name", ["20269925T999999Z-look-prod", "20260231T000000Z-look-prod", "look-prod"])
def test_a_folder_whose_name_is_no_time_is_none_of_ours(tmp_path: Path, name: str) -> None:
    """It is not listed as the newest session of all, and not removed."""
    (tmp_path / name).mkdir()
    left = leave(tmp_path, DAY)

    history(tmp_path, sessions=1).renew(NOW)

    assert [left.run] == [each.name for each in sessions_left(tmp_path)]
    assert (tmp_path / name).is_dir()


def test_a_trend_can_be_read_without_its_colours_and_its_picture(tmp_path: Path) -> None:
    """Each verdict has an icon of its own, with its word below; and the longest time is a number."""
    for number, verdict in enumerate(Verdict):
        taken = {"session_s": 3.2, "verified_s": 10.0 + number}
        leave(tmp_path, (number + 1) * DAY, verdict=verdict.value, timings=taken)

    page = write_index(tmp_path).read_text()

    assert len(Verdict) == len({sign_of_verdict(verdict).icon for verdict in Verdict})
    assert all(f"<symbol id=i-{sign_of_verdict(verdict).icon} " in page for verdict in Verdict)
    assert "last 10.0 s, longest 16.0 s" in page


def test_hundreds_of_kinds_of_sessions_make_a_page_that_can_be_opened(tmp_path: Path) -> None:
    """A hundred trends are drawn and four hundred sessions listed; how many more there are is said."""
    for number in range(450):
        leave(tmp_path, number * timedelta(minutes=7), target=f"bot-{number}")

    page = write_index(tmp_path).read_text()

    assert "350 more targets and kinds of session are not drawn" in page
    assert "50 older ones are not listed" in page
    assert len(page) < 400_000
