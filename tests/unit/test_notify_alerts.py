"""Alerts, drills and practice: who hears of them, and when an incident is over."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from backstop.journal.events import (
    AlertChanged,
    MutationArmed,
    SessionStarted,
)
from backstop.model.run import SessionKind
from backstop.model.target import Channels, Secret, Statuspage, Webhook
from tests.unit.heralds import (
    ALL_WELL,
    DISCORD,
    LAST,
    Tape,
    assignment_of,
    begun,
    channels_at,
    played,
    until,
)
from tests.unit.loopback import api
from tests.unit.samples import drill, numbered
from tests.unit.telling import HOOK, rolled_back


def _alert(subject: str, state: str) -> AlertChanged:
    return AlertChanged(subject, state, "critical", f"{subject} fails", "2026-11-25T14:05:00Z", 3)


def _monitor(state: Path, channels: Channels, *alerts: AlertChanged) -> Tape:
    assignment = assignment_of(state, channels, SessionKind.MONITOR, mutates=False)
    header = SessionStarted("r1", "monitor", "prod", "beluga", "", ())
    return played(assignment, numbered([header, *alerts]))


def _kept(state: Path) -> bool:
    return (state / "told" / "prod" / "discord.json").exists()


def test_practice_leaves_no_incident_open(tmp_path: Path) -> None:
    """Where a team has named a page for it: nobody comes back to a sandbox that is gone."""
    incidents = "/pages/p1/incidents"
    answers: dict[str, tuple[int, object]] = {
        f"POST {incidents}": (201, {"id": "abc"}),
        f"PATCH {incidents}/abc": (200, {"id": "abc"}),
    }
    with api(answers) as service:
        page = Statuspage("p1", "c1", "KEY", Secret("KEY", "k"), service.url, "", deliver_notifications=False)
        assignment = assignment_of(tmp_path, Channels(drills=Channels(statuspage=page)))
        practice = replace(assignment, target=replace(assignment.target, sandbox=True))
        played(practice, rolled_back())
        sent = [json.loads(body)["incident"] for _, body in service.seen if body]

    assert ["investigating", "identified", "resolved"] == [each["status"] for each in sent]
    assert {False} == {each["deliver_notifications"] for each in sent}
    assert not (tmp_path / "told" / "prod.drill" / "statuspage.json").exists()


def test_alerts_are_for_the_team(tmp_path: Path) -> None:
    """Unless the target says that others hear of them too."""
    with api(ALL_WELL) as service:
        tape = _monitor(tmp_path, channels_at(service.url), _alert("health", "raised"))
        both = channels_at(service.url, alerts=("slack", "discord"))
        more = _monitor(tmp_path / "other", both, _alert("health", "raised"))

    assert [("slack", "alert raised", True)] == tape.sent()
    assert [("discord", "alert raised", True), ("slack", "alert raised", True)] == more.sent()


def test_two_alarms_at_once_are_one_incident(tmp_path: Path) -> None:
    """The users' notice is taken back when the last of them is over, whichever session sees that."""
    with api(ALL_WELL) as service:
        channels = channels_at(service.url, alerts=("slack", "discord"))
        _monitor(tmp_path, channels, _alert("health", "raised"), _alert("errors", "raised"))
        first = _monitor(tmp_path, channels, _alert("health", "resolved"))
        second = _monitor(tmp_path, channels, _alert("errors", "resolved"))

    assert [("slack", "alert resolved", True)] == first.sent()
    assert [("discord", "alert resolved", True), ("slack", "alert resolved", True)] == second.sent()
    assert 1 == service.asked.count(DISCORD)


def test_a_monitor_takes_back_what_a_rollback_has_announced(tmp_path: Path) -> None:
    """Once that has ended; while it goes on, it is the rollback's to say."""
    with api(ALL_WELL) as service:
        channels = channels_at(service.url)
        with begun(assignment_of(tmp_path, channels)) as (happens, herald, _):
            for record in rolled_back()[:6]:
                happens(record.event)
            until(lambda: DISCORD in service.asked and _kept(tmp_path))
            meanwhile = _monitor(tmp_path, channels, _alert("health", "resolved"))
            for record in rolled_back()[6:]:
                happens(record.event)
            herald.end(LAST)
        after = _monitor(tmp_path, channels, _alert("health", "resolved"))

    assert [("slack", "alert resolved", True)] == meanwhile.sent()
    assert ("discord", "alert resolved", True) in after.sent()


def test_what_a_monitor_found_out_is_not_taken_back_by_a_rollback(tmp_path: Path) -> None:
    """A rollback that assessed nothing does not make a major outage a small one."""
    incidents = "/pages/p1/incidents"
    answers: dict[str, tuple[int, object]] = {
        f"POST {incidents}": (201, {"id": "abc"}),
        f"PATCH {incidents}/abc": (200, {"id": "abc"}),
    }
    with api(answers) as service:
        page = Statuspage("p1", "c1", "KEY", Secret("KEY", "k"), service.url)
        channels = Channels(statuspage=page, alerts=("statuspage",))
        _monitor(tmp_path, channels, _alert("health", "raised"))
        played(assignment_of(tmp_path, channels), rolled_back())
        sent = [json.loads(body)["incident"] for _, body in service.seen if body]

    assert ["investigating", "investigating", "identified", "monitoring"] == [x["status"] for x in sent]
    assert ["major_outage", "major_outage", "major_outage", "operational"] == [
        x["components"]["c1"] for x in sent
    ]


def test_a_drill_tells_nobody_but_its_own(tmp_path: Path) -> None:
    """As it begins and as it ends, marked as one, whatever it does in between."""
    with api(ALL_WELL) as service:
        own = Channels(slack=Webhook("SLACK", Secret("SLACK", service.url + HOOK)))
        drilled = channels_at("http://127.0.0.1:9", drills=own)
        assignment = assignment_of(tmp_path, drilled, SessionKind.DRILL)
        tape = played(assignment, drill()[:-1])

    assert [("slack", "drill begun", True), ("slack", "drill ended", True)] == tape.sent()
    assert 2 == sum(b"DRILL, nothing is wrong" in body for _, body in service.seen)


def test_armed_in_a_drill_is_what_begins_it(tmp_path: Path) -> None:
    """One that was refused before it broke anything tells nobody."""
    own = Channels(slack=Webhook("SLACK", Secret("SLACK", f"http://127.0.0.1:9{HOOK}")))
    assignment = assignment_of(tmp_path, Channels(drills=own), SessionKind.DRILL)
    records = [r for r in drill()[:-1] if not isinstance(r.event, MutationArmed)]

    assert [] == played(assignment, records).sent()
