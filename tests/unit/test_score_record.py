"""A drill record: made from the journal, written once, read back, merged from many machines."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backstop.journal.conclusion import conclude
from backstop.journal.record import Record
from backstop.model.scenario import Place
from backstop.model.verdict import Ending, Verdict
from backstop.score.codec import NoRecord, from_text, to_text
from backstop.score.record import record_of
from backstop.score.shelf import DrillRecords, file_name
from tests.unit.drills import AT, drilled, entry
from tests.unit.samples import BEGAN, drill, refused

SCHEMA = Path(__file__).parents[2] / "reports" / "schema" / "drill-1.json"


def _set_after(records: tuple[Record, ...], line: int, by: timedelta) -> tuple[Record, ...]:
    """A journal during which the machine's clock was set."""
    return tuple(replace(each, at=each.at + by) if each.n > line else each for each in records)


def test_it_says_what_the_journal_says() -> None:
    """The verdict, each scenario, and when."""
    record = record_of(conclude(drill()))

    assert ("verified", 0) == (record.verdict, record.exit_code)
    assert BEGAN.replace(microsecond=0) == record.at
    assert 0.0 == record.clock_moved_s
    assert 3 == len(record.scenarios)
    assert {"verified"} == {each.verdict for each in record.scenarios}
    assert all(each.noticed and each.timings["verified"] > 0 for each in record.scenarios)
    assert all(each.seconds and each.seconds > 0 for each in record.scenarios)


def test_a_refused_session_has_no_scenario() -> None:
    """And proves nothing."""
    record = record_of(conclude(refused()))

    assert ("refused", 21, ()) == (record.verdict, record.exit_code, record.scenarios)


def test_an_empty_journal_is_a_record_of_nothing() -> None:
    """The conclusion is total, and so is this."""
    assert "" == record_of(conclude(())).run


def test_a_clock_that_jumps_over_the_end_of_the_month() -> None:
    """Forwards or back: the earlier reading counts, and the length is that of another clock."""
    honest = record_of(conclude(drill()))
    for days in (12, -40):
        moved = record_of(conclude(_set_after(drill(), 20, timedelta(days=days))))

        assert honest.seconds == moved.seconds
        assert pytest.approx(days * 86400, abs=1) == moved.clock_moved_s
        assert honest.at + timedelta(days=min(days, 0)) == moved.at


def test_text_and_back() -> None:
    """Nothing is lost."""
    drilled_so = drilled(replace(entry(), digest="0f"))
    for record in (drilled(), drilled_so, drilled(clock_moved_s=-86400.5), record_of(conclude(drill()))):
        assert record == from_text(to_text(record))


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("schema", 2),
        ("run", None),
        ("at", "yesterday"),
        ("at", "2026-11-25T04:17:00"),
        ("seconds", "long"),
        ("seconds", float("inf")),
        ("seconds", -1),
        ("exit_code", True),
        ("scenarios", []),
        ("scenarios", {"down": {}}),
        ("scenarios", {"down": json.loads(to_text(drilled()))["scenarios"]["down"] | {"seconds": "4"}}),
        ("scenarios", {"down": json.loads(to_text(drilled()))["scenarios"]["down"] | {"seconds": -900}}),
        ("scenarios", {"down": json.loads(to_text(drilled()))["scenarios"]["down"] | {"digest": 7}}),
        ("tools", None),
    ],
)
def test_what_is_no_record_is_refused(member: str, value: Any) -> None:
    """Whatever is wrong with it."""
    members = json.loads(to_text(drilled()))

    with pytest.raises(NoRecord):
        from_text(json.dumps({**members, member: value}))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "7", "[" * 100_000])
def test_what_is_no_json_object_is_refused(text: str) -> None:
    """No error but the one."""
    with pytest.raises(NoRecord):
        from_text(text)


def test_the_published_schema_names_all_members_and_words() -> None:
    """What is missing there would break somebody's script."""
    schema = json.loads(SCHEMA.read_text())
    members, record = schema["properties"], json.loads(to_text(drilled()))
    scenario = members["scenarios"]["additionalProperties"]

    assert list(members) == schema["required"] == list(record)
    whole = replace(entry(), seconds=4.5, digest="0f")
    reached = json.loads(to_text(drilled(whole)))["scenarios"]["down"]
    assert scenario["required"] == list(record["scenarios"]["down"])
    assert list(scenario["properties"]) == list(reached) == [*scenario["required"], "seconds", "digest"]
    assert members["verdict"]["enum"] == [word.value for word in Verdict]
    assert members["exit_code"]["enum"] == [int(ending) for ending in Ending]
    assert members["place"]["enum"] == [*(place.value for place in Place), ""]


def test_records_of_two_machines_merge_by_copying(tmp_path: Path) -> None:
    """No file is written by both, and what both have is counted once."""
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    first, second = drilled(), drilled(at=AT + timedelta(days=30))
    DrillRecords(mine, theirs).keep(first)
    DrillRecords(theirs).keep(second)

    assert file_name(first) != file_name(second)
    assert (first, second) == DrillRecords(mine, theirs).all().records
    assert (first,) == DrillRecords(mine, tmp_path / "nothing").all().records


def test_a_file_that_is_no_record_is_told_and_stops_nothing(tmp_path: Path) -> None:
    """The others are read."""
    DrillRecords(tmp_path).keep(drilled())
    (tmp_path / "20261101T000000Z-x.json").write_text("{")
    (tmp_path / "20261102T000000Z-x.json").write_bytes(b"\xff")
    (tmp_path / "20261103T000000Z-x.json").write_text(" " * 2_000_000)
    (tmp_path / "20261104T000000Z-x.json").mkdir()
    os.mkfifo(tmp_path / "20261105T000000Z-x.json")
    (tmp_path / "20261106T000000Z-x.json").symlink_to(tmp_path / "nowhere")
    whole = to_text(drilled())
    merging = f"<<<<<<< HEAD\n{whole}=======\n{whole}>>>>>>> theirs\n"
    (tmp_path / "20261107T000000Z-x.json").write_text(merging)
    (tmp_path / "20261108T000000Z-x.json").write_text(whole[: len(whole) // 2])
    (tmp_path / "scorecard.html").write_text("a page")

    kept = DrillRecords(tmp_path).all()

    assert (drilled(),) == kept.records
    assert 8 == len(kept.unreadable)
    assert ["a merge was not finished in it" in told for told in kept.unreadable][-2:] == [True, False]
    assert all("is no drill record" in told for told in kept.unreadable)


def test_a_name_that_is_no_file_name_stays_in_the_directory(tmp_path: Path) -> None:
    """Whatever somebody calls a target or a run."""
    record = drilled(target="../../etc", run="a/b", at=datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC))

    (path,) = DrillRecords(tmp_path).keep(record)

    assert tmp_path / "20260131T235959Z-_etc-a_b.json" == path
