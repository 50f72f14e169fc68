"""Counting a tail: by version and outcome, in a memory that does not grow, and without what we provoke."""

from __future__ import annotations

import json

import pytest

from backstop.cloudflare.tail_event import OVERLOAD, OVERLOAD_STOP, TailEvent, read_event
from backstop.model.version import VersionId, version_id
from backstop.observe.tail_tally import TailTally
from backstop.rollback.edge_witness import MARKER

V1 = version_id("0f3f9c1e-6a51-4d3c-9a43-2f3f2f1f0a01")


def _event(
    outcome: str = "ok", status: int | None = 200, marker: str = "", version: VersionId | None = V1
) -> TailEvent:
    headers = ((MARKER, marker),) if marker else ()
    return TailEvent(version, outcome, "https://bot/", "GET", status, headers)


@pytest.mark.parametrize(
    ("event", "failed", "unauthorised"),
    [
        (_event(), 0, 0),
        (_event(status=404), 0, 0),
        (_event(status=401), 0, 1),
        (_event(status=403), 0, 1),
        (_event(status=500), 1, 0),
        (_event("exception", None), 1, 0),
        (_event("exceededCpu", None), 1, 0),
        (_event("exceededMemory", None), 1, 0),
        (_event("canceled", None), 0, 0),
        (_event("somethingNew", None), 1, 0),
    ],
)
def test_what_counts(event: TailEvent, failed: int, unauthorised: int) -> None:
    """As whoever asked saw it; a word of Cloudflare's that nobody knows is not taken for good."""
    tally = TailTally()
    tally.take(event)
    found = tally.reap()

    assert (1, failed, unauthorised) == (found.seen, found.failed, found.unauthorised)
    assert {event.outcome: 1} == found.outcomes


def test_what_we_provoke_is_left_out() -> None:
    """Probes that ask for trouble get it; the usual ones count."""
    tally = TailTally()
    tally.take(_event(status=401, marker="provoked-unsigned"))
    tally.take(_event(marker="usual-health"))

    assert (1, 0) == (tally.peek().seen, tally.peek().unauthorised)


def test_a_canary_is_known_by_its_marker() -> None:
    """Only one that is awaited, and until it is forgotten."""
    tally = TailTally()
    tally.await_canary("a")
    tally.take(_event(marker="b"))
    before = tally.came("a"), tally.came("b")
    tally.take(_event(marker="a"))
    after = tally.came("a")
    tally.forget("a")

    assert (False, False, True, False) == (*before, after, tally.came("a"))


def test_memory_does_not_grow() -> None:
    """Of a thousand versions and words, and of canaries that nobody awaits."""
    tally = TailTally()
    for number in range(1000):
        name = version_id(f"0f3f9c1e-6a51-4d3c-9a43-{number:012x}")
        tally.take(_event(f"word{number}", None, f"marker-{number}", name))
    found = tally.reap()

    assert 1000 == found.seen == sum(found.outcomes.values())
    assert 21 >= len(found.versions)
    assert all(21 >= len(each.outcomes) for each in found.versions.values())
    assert 0 == tally.reap().seen


def test_sampling_lasts_until_it_is_over() -> None:
    """Cloudflare says when it begins and when it ends; the time between is incomplete."""
    tally = TailTally()
    sampled = []
    for notice in ("", OVERLOAD, "", OVERLOAD_STOP, ""):
        tally.take(TailEvent(None, "unknown", notice=notice) if notice else _event())
        sampled.append(tally.reap().sampled)

    assert [False, True, True, True, False] == sampled


@pytest.mark.parametrize(
    ("kind", "notice"), [("overload", "overload"), ("overload-stop", "overload-stop"), ("queue", ""), (7, "")]
)
def test_notices_are_read_from_the_tail(kind: object, notice: str) -> None:
    """They come as events without a request."""
    frame = json.dumps({"outcome": "unknown", "event": {"type": kind, "message": "sampled"}})
    found = read_event(frame)

    assert found is not None
    assert notice == found.notice
