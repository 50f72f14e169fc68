"""Hypothesis strategies: any event, and any journal of them, however senseless."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

from hypothesis import strategies as st

from backstop.journal.codec import KINDS
from backstop.journal.events import Event
from backstop.journal.record import Damaged, Record, Unknown
from tests.unit.samples import numbered

_WORDS = st.sampled_from(
    (
        "",
        "0-good",
        "1-fault-x",
        "2-good-x",
        "good",
        "fault",
        "live",
        "x",
        "y",
        "pass",
        "fail",
        "degraded",
        "inconclusive",
        "accepted",
        "n/a",
        "done",
        "refused",
        "unconfirmed",
        "caught lying",
        "drill",
        "look",
        "post_rollback",
        "m1",
        "m2",
        "health.status",
        "critical",
        "low",
        "none",
        "from",
        "to",
        "nonsense",
    )
)
_NUMBERS = st.floats(min_value=0, max_value=1e6, allow_nan=False)

_VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: _WORDS | st.text(max_size=12),
    bool: st.booleans(),
    int: st.integers(min_value=-5, max_value=30),
    float: _NUMBERS,
    tuple[str, ...]: st.lists(_WORDS, max_size=3).map(tuple),
    tuple[int, ...]: st.lists(st.integers(-5, 600), max_size=3).map(tuple),
    tuple[float, ...]: st.lists(st.floats(0, 1e6), max_size=3).map(tuple),
    dict[str, int]: st.dictionaries(_WORDS, st.integers(-5, 30), max_size=3),
    dict[str, str]: st.dictionaries(_WORDS, _WORDS, max_size=2),
    dict[str, float]: st.dictionaries(_WORDS, _NUMBERS, max_size=3),
}


def _event(kind: type[Event]) -> st.SearchStrategy[Event]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: _VALUES[hints[field.name]] for field in fields(kind)})


written: st.SearchStrategy[Event] = st.one_of([_event(kind) for kind in KINDS.values()])
"""Any event that a session can write."""

events: st.SearchStrategy[Event] = written | st.builds(Damaged, st.text()) | st.builds(Unknown, st.text())
"""Any event that a reader can yield."""

journals: st.SearchStrategy[tuple[Record, ...]] = st.lists(events, max_size=30).map(numbered)
"""Any journal."""
