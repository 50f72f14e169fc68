"""Events survive being written and read; anything else is refused by name."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from backstop.journal.codec import KINDS, from_line, to_line
from backstop.journal.events import Event, LatencySampled, Said, SessionFinished, StageStarted
from backstop.journal.record import Record, Unknown
from tests.unit.arbitrary import written

AT = datetime(2026, 11, 23, 3, 12, 41, 123_000, UTC)


PLACE = {"n", "at", "t", "kind"}


def _members(event: type[Event]) -> set[str]:
    return {field.name for field in fields(event)}


def line(**members: Any) -> bytes:
    """A line with a valid place and these members besides."""
    return json.dumps({"n": 0, "at": "2026-11-23T03:12:41.123Z", "t": 0.5} | members).encode() + b"\n"


def test_a_line_reads_as_documented() -> None:
    """Place first, then the kind and its fields; UTC with milliseconds."""
    text = to_line(Record(3, AT, 1.5, Said("hello")))

    assert json.loads(text) == {
        "n": 3,
        "at": "2026-11-23T03:12:41.123Z",
        "t": 1.5,
        "kind": "said",
        "text": "hello",
    }
    assert text.endswith("}\n")


@given(event=written)
def test_every_event_comes_back_as_it_was(event: Event) -> None:
    """Writing and reading is the identity, for any content."""
    record = Record(0, AT, 0.25, event)

    assert from_line(to_line(record).encode(errors="backslashreplace")) == record


TIMES: dict[str, Any] = {"kind": "latency-sampled", "stage": "0-live", "version": "", "what": "GET /"}


def test_times_of_before_are_read_without_what_each_was_answered_with() -> None:
    """Older journals do not have it; in newer ones it is whole numbers, one for each time."""
    old = from_line(line(**TIMES, warm=[12.5])).event
    new = from_line(line(**TIMES, warm=[12.5], statuses=[200], lost={"answered 500": 2})).event

    assert LatencySampled("0-live", "", "GET /", (12.5,)) == old
    assert LatencySampled("0-live", "", "GET /", (12.5,), statuses=(200,), lost={"answered 500": 2}) == new
    for wrong in ([200.5], ["200"], [True], [2**60], 200):
        with pytest.raises(ValueError, match="statuses is"):
            from_line(line(**TIMES, warm=[12.5], statuses=wrong))


def test_all_kinds_are_known() -> None:
    """Each kind of event has a name of its own."""
    assert len(KINDS) == len(set(KINDS.values())) == 37


def test_no_event_has_a_member_where_a_line_has_its_place() -> None:
    """It would be read as the number or the time of the line."""
    assert {} == {kind: taken for kind, event in KINDS.items() if (taken := _members(event) & PLACE)}


def test_a_number_that_is_not_finite_is_refused() -> None:
    """It would not be JSON."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_line(Record(0, AT, 0, SessionFinished(1, float("nan"))))


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"[]\n", "not a JSON object"),
        (b"{\n", "Expecting"),
        (line(kind="said"), "said lacks text"),
        (line(kind="said", text=1), "text is int, wanted str"),
        (line(kind="said", text="x", colour="red"), "said has no colour"),
        (line(kind="shouted", text="x"), "no kind of line is called 'shouted'"),
        (line(kind="session-finished", planned=True, seconds=1), "planned is bool"),
        (line(kind="session-finished", planned=1, seconds=1e300), "seconds is too large"),
        (line(kind="said", text="x").replace(b"0.5", b"NaN"), "NaN is no number"),
        (line(kind="said", text="x").replace(b"Z", b""), "names no zone"),
    ],
)
def test_what_is_no_event_is_refused_by_name(raw: bytes, why: str) -> None:
    """The message says what was found."""
    with pytest.raises(ValueError, match=why):
        from_line(raw)


def test_a_newer_schema_is_kept_as_far_as_it_is_known() -> None:
    """Unknown kinds stay as they are, unknown fields are passed over."""
    unknown = from_line(line(kind="shouted", text="x"), newer=True)
    known = from_line(line(kind="said", text="x", colour="red"), newer=True)

    assert unknown.event == Unknown("shouted", {"text": "x"})
    assert known.event == Said("x")


def test_fields_with_defaults_may_be_missing() -> None:
    """A line of an older writer is still one of ours."""
    record = from_line(line(kind="stage-started", stage="0-good", phase="good"))

    assert record.event == StageStarted("0-good", "good", scenario="")
