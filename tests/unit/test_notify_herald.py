"""The herald: what it hears is told behind the session's back, once for each incident, in bounded time."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from backstop.journal.events import (
    AlertChanged,
    Event,
    MutationArmed,
    NotificationSent,
    Said,
    SessionFinished,
    SessionStarted,
    StageStarted,
)
from backstop.journal.record import Record
from backstop.model.run import SessionKind
from backstop.model.target import Channels, Command, Secret, Statuspage, Target, Webhook
from backstop.notify.audience import Assignment, audience_in_words, herald_of
from backstop.notify.desk import News
from backstop.notify.herald import Herald
from backstop.notify.occasion import Occasion
from tests.unit.loopback import RawServer, api
from tests.unit.samples import drill, numbered
from tests.unit.telling import HOOK, WEBHOOK, rolled_back

SLACK, DISCORD = f"POST {HOOK}", f"POST {WEBHOOK}?wait=true"
CHANGE = f"PATCH {WEBHOOK}/messages/7"
ALL_WELL: dict[str, tuple[int, object]] = {
    SLACK: (200, b"ok"),
    DISCORD: (200, {"id": "7"}),
    CHANGE: (200, {"id": "7"}),
    f"GET {WEBHOOK}": (200, {"type": 1, "name": "Status", "channel_id": "1"}),
}
GENEROUS = 30.0  # three times the limit: a loaded machine may take its time
LAST = SessionFinished(1, 1.0)


@dataclass
class Tape:
    """A journal in memory."""

    records: list[Record] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, event: Event) -> None:
        """Keep it, as a journal does, from any thread."""
        with self.lock:
            self.records = list(numbered([*(record.event for record in self.records), event]))

    def sent(self) -> list[tuple[str, str, bool]]:
        """The trail, in the order of channels."""
        found = [r.event for r in self.records if isinstance(r.event, NotificationSent)]
        return sorted((e.channel, e.occasion, e.ok) for e in found)

    def answers(self) -> list[str]:
        """What became of each."""
        return [r.event.answer for r in self.records if isinstance(r.event, NotificationSent)]

    def said(self) -> list[str]:
        """What whoever watches was told."""
        return [r.event.text for r in self.records if isinstance(r.event, Said)]


def _channels(url: str, **more: object) -> Channels:
    slack = Webhook("SLACK", Secret("SLACK", url + HOOK))
    discord = Webhook("DISCORD", Secret("DISCORD", url + WEBHOOK))
    return Channels(slack=slack, discord=discord, **more)  # type: ignore[arg-type]


def _assignment(
    state: Path, channels: Channels, kind: SessionKind = SessionKind.POST_ROLLBACK, *, mutates: bool = True
) -> Assignment:
    target = Target("prod", sandbox=False, channels=channels, commands=(Command("register"),))
    return Assignment(kind, target, mutates, state)


@contextmanager
def _session(assignment: Assignment) -> Iterator[tuple[Callable[[Event], None], Herald, Tape]]:
    tape = Tape()
    herald = herald_of(assignment, tape.write, lambda: tuple(tape.records))
    assert herald is not None
    herald.open()

    def happens(event: Event) -> None:
        tape.write(event)
        herald.hear(tape.records[-1])

    yield happens, herald, tape


def _play(assignment: Assignment, records: Sequence[Record]) -> Tape:
    """A whole session, from its first line to its end."""
    with _session(assignment) as (happens, herald, tape):
        for record in records:
            happens(record.event)
        herald.end(LAST)
    return tape


def test_a_rollback_is_told_twice_and_announced_once(tmp_path: Path) -> None:
    """Two messages for the team, one for the users, which changes."""
    with api(ALL_WELL) as service:
        tape = _play(_assignment(tmp_path, _channels(service.url)), rolled_back())

    assert [
        ("discord", "completed", True),
        ("discord", "initiated", True),
        ("slack", "completed", True),
        ("slack", "initiated", True),
    ] == tape.sent()
    assert [DISCORD, CHANGE] == [each for each in service.asked if each in {DISCORD, CHANGE}]


def test_a_second_responder_changes_what_the_first_has_announced(tmp_path: Path) -> None:
    """And a later look that finds the bot well closes it; after that there is nothing to change any more."""
    with api(ALL_WELL) as service:
        channels = _channels(service.url)
        _play(_assignment(tmp_path, channels), rolled_back())
        look = _assignment(tmp_path, channels, SessionKind.WATCH, mutates=False)
        after = [r for r in rolled_back(session="watch") if "rollback" not in r.event.kind]
        closed, again = _play(look, _live(after)), _play(look, _live(after))

    assert [("discord", "resolved", True), ("slack", "resolved", True)] == closed.sent()
    assert [] == again.sent()
    assert 1 == service.asked.count(DISCORD)


def _live(records: Sequence[Record]) -> tuple[Record, ...]:
    """The same as a session that only looks."""
    return numbered(
        replace(record.event, phase="live") if isinstance(record.event, StageStarted) else record.event
        for record in records
    )


def test_nobody_hears_that_something_is_over_that_they_never_heard_of(tmp_path: Path) -> None:
    """Nothing is sent, and nothing is kept."""
    with api(ALL_WELL) as service:
        look = _assignment(tmp_path, _channels(service.url), SessionKind.WATCH, mutates=False)
        tape = _play(look, _live([r for r in rolled_back() if "rollback" not in r.event.kind]))

    assert ([], []) == (tape.sent(), service.asked)
    assert [] == list(tmp_path.iterdir())


def test_a_channel_that_is_down_is_said_at_once_and_in_the_trail(tmp_path: Path) -> None:
    """In one line each; the other channel is told."""
    gone = (404, {"code": 10015, "message": "Unknown Webhook"})
    answers = {**ALL_WELL, DISCORD: gone, f"GET {WEBHOOK}": gone}
    with api(answers) as service, _session(_assignment(tmp_path, _channels(service.url))) as session:
        happens, herald, tape = session
        _until(lambda: len(herald.notes) == 2)
        for record in rolled_back():
            happens(record.event)
        herald.end(LAST)

    assert ("slack", "completed", True) in tape.sent()
    assert ("discord", "initiated", False) in tape.sent()
    assert "the webhook is gone (404, code 10015)" in tape.answers()
    assert "Discord: the webhook is gone (404 Unknown Webhook)" in [s.split(";")[0] for s in tape.said()]


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("", "SLACK_WEBHOOK is not set"),
        ("looks like a Discord bot token", "what SLACK_WEBHOOK holds looks like a Discord bot token"),
    ],
)
def test_what_is_not_set_or_not_right_is_in_the_trail(tmp_path: Path, wrong: str, said: str) -> None:
    """Without a request."""
    channels = Channels(slack=Webhook("SLACK_WEBHOOK", None, wrong))
    tape = _play(_assignment(tmp_path, channels), rolled_back())

    assert [("slack", "completed", False), ("slack", "initiated", False)] == tape.sent()
    assert {said} == set(tape.answers())


def test_without_a_place_for_what_was_told_it_is_told_all_the_same(tmp_path: Path) -> None:
    """Only the next session begins anew then."""
    (tmp_path / "told").write_text("")
    with api(ALL_WELL) as service:
        tape = _play(_assignment(tmp_path, _channels(service.url)), rolled_back())

    assert ("slack", "completed", True) in tape.sent()
    assert ("discord", "completed", True) in tape.sent()
    assert CHANGE in service.asked


def test_practice_leaves_no_incident_open(tmp_path: Path) -> None:
    """Where a team has named a page for it: nobody comes back to a sandbox that is gone."""
    incidents = "/pages/p1/incidents"
    answers: dict[str, tuple[int, object]] = {
        f"POST {incidents}": (201, {"id": "abc"}),
        f"PATCH {incidents}/abc": (200, {"id": "abc"}),
    }
    with api(answers) as service:
        page = Statuspage("p1", "c1", "KEY", Secret("KEY", "k"), service.url, "", deliver_notifications=False)
        assignment = _assignment(tmp_path, Channels(drills=Channels(statuspage=page)))
        practice = replace(assignment, target=replace(assignment.target, sandbox=True))
        _play(practice, rolled_back())
        sent = [json.loads(body)["incident"] for _, body in service.seen if body]

    assert ["investigating", "identified", "resolved"] == [each["status"] for each in sent]
    assert {False} == {each["deliver_notifications"] for each in sent}
    assert not (tmp_path / "told" / "prod.drill" / "statuspage.json").exists()


def test_nothing_waits_for_a_channel_that_hangs(tmp_path: Path) -> None:
    """What happens goes on at once, and the end waits no longer than it must."""

    def silent(connection: socket.socket) -> None:
        while connection.recv(65536):
            pass

    with RawServer(silent) as server, _session(_assignment(tmp_path, _channels(server.url))) as session:
        happens, herald, tape = session
        began = time.monotonic()
        for record in rolled_back():
            happens(record.event)
        heard = time.monotonic() - began
        herald.end(LAST)
        whole = time.monotonic() - began

    assert heard < whole < GENEROUS
    assert {False} == {ok for _, _, ok in tape.sent()}
    assert {"slack", "discord"} == {channel for channel, _, _ in tape.sent()}


def test_nothing_is_written_once_the_session_has_ended(tmp_path: Path) -> None:
    """The last line of a journal is the last."""
    with api(ALL_WELL) as service, _session(_assignment(tmp_path, _channels(service.url))) as session:
        happens, herald, tape = session
        for record in rolled_back():
            happens(record.event)
        herald.end(LAST)
        before = len(tape.records)
        herald.desks[0].tell(News(Occasion.FAILED, rolled_back()))
        herald.desks[0].join()

    assert before == len(tape.records)


def _alert(subject: str, state: str) -> AlertChanged:
    return AlertChanged(subject, state, "critical", f"{subject} fails", "2026-11-25T14:05:00Z", 3)


def _monitor(state: Path, channels: Channels, *alerts: AlertChanged) -> Tape:
    assignment = _assignment(state, channels, SessionKind.MONITOR, mutates=False)
    header = SessionStarted("r1", "monitor", "prod", "beluga", "", ())
    return _play(assignment, numbered([header, *alerts]))


def test_alerts_are_for_the_team(tmp_path: Path) -> None:
    """Unless the target says that others hear of them too."""
    with api(ALL_WELL) as service:
        tape = _monitor(tmp_path, _channels(service.url), _alert("health", "raised"))
        both = _channels(service.url, alerts=("slack", "discord"))
        more = _monitor(tmp_path / "other", both, _alert("health", "raised"))

    assert [("slack", "alert raised", True)] == tape.sent()
    assert [("discord", "alert raised", True), ("slack", "alert raised", True)] == more.sent()


def test_two_alarms_at_once_are_one_incident(tmp_path: Path) -> None:
    """The users' notice is taken back when the last of them is over, whichever session sees that."""
    with api(ALL_WELL) as service:
        channels = _channels(service.url, alerts=("slack", "discord"))
        _monitor(tmp_path, channels, _alert("health", "raised"), _alert("errors", "raised"))
        first = _monitor(tmp_path, channels, _alert("health", "resolved"))
        second = _monitor(tmp_path, channels, _alert("errors", "resolved"))

    assert [("slack", "alert resolved", True)] == first.sent()
    assert [("discord", "alert resolved", True), ("slack", "alert resolved", True)] == second.sent()
    assert 1 == service.asked.count(DISCORD)


def test_a_monitor_takes_back_what_a_rollback_has_announced(tmp_path: Path) -> None:
    """Once that has ended; while it goes on, it is the rollback's to say."""
    with api(ALL_WELL) as service:
        channels = _channels(service.url)
        with _session(_assignment(tmp_path, channels)) as (happens, herald, _):
            for record in rolled_back()[:6]:
                happens(record.event)
            _until(lambda: DISCORD in service.asked and _kept(tmp_path))
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
        _play(_assignment(tmp_path, channels), rolled_back())
        sent = [json.loads(body)["incident"] for _, body in service.seen if body]

    assert ["investigating", "investigating", "identified", "monitoring"] == [x["status"] for x in sent]
    assert ["major_outage", "major_outage", "major_outage", "operational"] == [
        x["components"]["c1"] for x in sent
    ]


def _kept(state: Path) -> bool:
    return (state / "told" / "prod" / "discord.json").exists()


def test_a_drill_tells_nobody_but_its_own(tmp_path: Path) -> None:
    """As it begins and as it ends, marked as one, whatever it does in between."""
    with api(ALL_WELL) as service:
        own = Channels(slack=Webhook("SLACK", Secret("SLACK", service.url + HOOK)))
        drilled = _channels("http://127.0.0.1:9", drills=own)
        assignment = _assignment(tmp_path, drilled, SessionKind.DRILL)
        tape = _play(assignment, drill()[:-1])

    assert [("slack", "drill begun", True), ("slack", "drill ended", True)] == tape.sent()
    assert 2 == sum(b"DRILL, nothing is wrong" in body for _, body in service.seen)


@pytest.mark.parametrize(
    ("kind", "sandbox", "mutates", "words"),
    [
        (SessionKind.POST_ROLLBACK, False, True, "Slack, Discord"),
        (SessionKind.POST_ROLLBACK, True, True, "nobody: drills and practice have channels of their own"),
        (SessionKind.DRILL, False, True, "nobody: drills and practice have channels of their own"),
        (SessionKind.POST_ROLLBACK, False, False, "Slack, Discord, where they know of an incident"),
        (SessionKind.LOOK, False, False, ""),
        (SessionKind.READY, False, False, ""),
        (SessionKind.POST_DEPLOY, False, False, ""),
        (SessionKind.POST_DEPLOY, False, True, "Slack, Discord"),
        (SessionKind.MONITOR, False, False, "Slack, Discord"),
    ],
)
def test_who_is_told(kind: SessionKind, sandbox: bool, mutates: bool, words: str) -> None:
    """Said before the session begins; a plain look tells nobody."""
    target = Target("prod", sandbox=sandbox, channels=_channels("http://x"))
    found = audience_in_words(Assignment(kind, target, mutates, Path()))

    assert found.startswith(words)
    assert bool(found) == bool(words)


def test_armed_in_a_drill_is_what_begins_it(tmp_path: Path) -> None:
    """One that was refused before it broke anything tells nobody."""
    own = Channels(slack=Webhook("SLACK", Secret("SLACK", f"http://127.0.0.1:9{HOOK}")))
    assignment = _assignment(tmp_path, Channels(drills=own), SessionKind.DRILL)
    records = [r for r in drill()[:-1] if not isinstance(r.event, MutationArmed)]

    assert [] == _play(assignment, records).sent()
