"""Records of which is known where each kind of event is."""

from __future__ import annotations

from backstop.journal.events import Event, Said, StageStarted
from backstop.journal.record import NEVER, Record, Records, select

EVENTS: tuple[Event, ...] = (Said("a"), StageStarted("0-live", "live"), Said("b"))
RECORDS = tuple(Record(n, NEVER, float(n), event) for n, event in enumerate(EVENTS))


def test_the_index_finds_what_a_look_at_each_finds() -> None:
    """With the index and without, the same records are selected, in the order of their lines."""
    said = [(RECORDS[0], EVENTS[0]), (RECORDS[2], EVENTS[2])]
    assert said == list(select(RECORDS, Said))
    assert said == list(select(Records(RECORDS), Said))


def test_a_part_of_them_has_no_index_of_the_whole() -> None:
    """A slice selects from itself only."""
    assert [] == list(select(Records(RECORDS)[1:2], Said))


def test_a_kind_that_is_not_there() -> None:
    """Nothing is selected where no line is of that kind."""
    assert [] == list(select(Records(RECORDS[:1]), StageStarted))
