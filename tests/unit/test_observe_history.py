"""What breaks next, and what the tail shows."""

from __future__ import annotations

from datetime import UTC, datetime

from backstop.cloudflare.tail_event import TailEvent
from backstop.model.http import Answer, Exchange, Request, Timing
from backstop.model.version import Deployment, Share, Version, VersionId, version_id
from backstop.observe.history import what_breaks_next
from backstop.observe.probe import PROVOKED, Probe
from backstop.observe.traffic import Traffic, describe, provoked
from backstop.rollback.edge_witness import MARKER

A, B, C = (version_id(f"{digit * 8}-0000-4000-8000-000000000000") for digit in "abc")
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def _version(version: VersionId, etag: str, triggered_by: str = "upload") -> Version:
    return Version(version, 1, NOW, "me", etag=etag, triggered_by=triggered_by)


def _deployed(*shares: tuple[VersionId, float]) -> Deployment:
    return Deployment("d", NOW, "api", "me", tuple(Share(version, part) for version, part in shares))


def _all(version: VersionId) -> Deployment:
    return _deployed((version, 100))


CODES = {A: _version(A, "new"), B: _version(B, "old"), C: _version(C, "older")}


def test_what_breaks_next_is_said_after_a_rollback_only() -> None:
    """The newest upload waits for somebody to deploy it by accident."""
    assert not what_breaks_next(_all(A), CODES[A])
    assert "10214" in what_breaks_next(_all(B), CODES[A])


def _event(outcome: str, marker: str = "", *, threw: bool = True) -> TailEvent:
    headers = ((MARKER.lower(), marker),) if marker else ()
    thrown = ("Error: no",) if threw else ()
    return TailEvent(A, outcome, "https://bot.example/", "GET", headers=headers, exceptions=thrown)


def test_errors_in_the_tail_are_those_that_nobody_provoked() -> None:
    """Somebody who hangs up is no error, nor is what we ask for."""
    events = (
        _event("ok", "canary", threw=False),
        _event("canceled"),
        _event("ok", f"{PROVOKED}-odd-signature"),
        _event("exception", f"{PROVOKED}-odd-signature"),
        _event("exceededCpu", "usual-health"),
        _event("exception"),
    )
    request = Request("GET", "/")
    canary = Exchange(request, Answer(200, (), b""), Timing(0.1), NOW)
    traffic = Traffic("canary", canary, events)

    assert ["exceededCpu", "exception"] == [event.outcome for event in traffic.errors]
    assert events[0] == traffic.found
    assert Traffic("another", canary, events).found is None
    assert "GET https://bot.example/: exception (Error: no)" == describe(events[-1])


def test_what_throws_after_its_answer_ended_badly_as_well() -> None:
    """Work that was left to ctx.waitUntil is lost, and its caller has heard nothing of it."""
    late = _event("ok")
    canary = Exchange(Request("GET", "/"), Answer(200, (), b""), Timing(0.1), NOW)

    assert (late,) == Traffic("canary", canary, (late, _event("ok", threw=False))).errors
    assert "GET https://bot.example/: ok, and then it threw (Error: no)" == describe(late)


def test_probes_tell_by_their_marker_whether_they_ask_for_trouble() -> None:
    """All do, but for those that anybody may send."""
    odd = Probe("S + L signature", lambda _: None)
    usual = Probe("health again", lambda _: None, usual=True)

    assert ("provoked-s-l-signature", "usual-health-again") == (odd.marker, usual.marker)
    assert provoked(_event("ok", odd.marker))
    assert not provoked(_event("ok", usual.marker))
