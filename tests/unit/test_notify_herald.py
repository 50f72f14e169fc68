"""The herald: what it hears is told behind the session's back, once for each incident, in bounded time."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from backstop.journal.events import Event
from backstop.model.run import SessionKind
from backstop.model.target import Channels, Target, Webhook
from backstop.notify.audience import Assignment, audience_in_words, herald_of
from backstop.notify.desk import News
from backstop.notify.occasion import Occasion
from backstop.storage import CannotWrite
from tests.unit.heralds import (
    ALL_WELL,
    CHANGE,
    DISCORD,
    LAST,
    SLACK,
    as_a_look,
    assignment_of,
    begun,
    channels_at,
    played,
    until,
)
from tests.unit.loopback import RawServer, api
from tests.unit.telling import WEBHOOK, rolled_back

GENEROUS = 30.0  # three times the limit: a loaded machine may take its time


def test_a_rollback_is_told_twice_and_announced_once(tmp_path: Path) -> None:
    """Two messages for the team, one for the users, which changes."""
    with api(ALL_WELL) as service:
        tape = played(assignment_of(tmp_path, channels_at(service.url)), rolled_back())

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
        channels = channels_at(service.url)
        played(assignment_of(tmp_path, channels), rolled_back())
        look = assignment_of(tmp_path, channels, SessionKind.WATCH, mutates=False)
        after = [r for r in rolled_back(session="watch") if "rollback" not in r.event.kind]
        closed, again = played(look, as_a_look(after)), played(look, as_a_look(after))

    assert [("discord", "resolved", True), ("slack", "resolved", True)] == closed.sent()
    assert [] == again.sent()
    assert 1 == service.asked.count(DISCORD)


def test_nobody_hears_that_something_is_over_that_they_never_heard_of(tmp_path: Path) -> None:
    """Nothing is sent, and nothing is kept."""
    with api(ALL_WELL) as service:
        look = assignment_of(tmp_path, channels_at(service.url), SessionKind.WATCH, mutates=False)
        tape = played(look, as_a_look([r for r in rolled_back() if "rollback" not in r.event.kind]))

    assert ([], []) == (tape.sent(), service.asked)
    assert [] == list(tmp_path.iterdir())


def test_a_channel_that_is_down_is_said_at_once_and_in_the_trail(tmp_path: Path) -> None:
    """In one line each; the other channel is told."""
    gone = (404, {"code": 10015, "message": "Unknown Webhook"})
    answers = {**ALL_WELL, DISCORD: gone, f"GET {WEBHOOK}": gone}
    with api(answers) as service, begun(assignment_of(tmp_path, channels_at(service.url))) as session:
        happens, herald, tape = session
        until(lambda: len(herald.notes) == 2)
        for record in rolled_back():
            happens(record.event)
        herald.end(LAST)

    assert ("slack", "completed", True) in tape.sent()
    assert ("discord", "initiated", False) in tape.sent()
    assert "the webhook is gone (404, code 10015)" in tape.answers()
    assert "Discord: the webhook is gone (404 Unknown Webhook)" in [s.split(";")[0] for s in tape.said()]


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
    tape = played(assignment_of(tmp_path, channels), rolled_back())

    assert [("slack", "completed", False), ("slack", "initiated", False)] == tape.sent()
    assert {said} == set(tape.answers())


def test_a_full_disk_is_not_the_herald_s_to_raise(tmp_path: Path) -> None:
    """What is written at that moment is the rollback's own; the journal notes the disk itself."""

    def full(event: Event) -> None:
        raise CannotWrite(event.kind)

    with api(ALL_WELL) as service:
        records = rolled_back()
        herald = herald_of(assignment_of(tmp_path, channels_at(service.url)), full, lambda: records)
        assert herald is not None
        herald.notes.say("Slack: it is gone")
        herald.open()
        herald.hear(records[5])
        herald.end(LAST)

    assert SLACK in service.asked
    assert 0 == len(herald.notes)


def test_without_a_place_for_what_was_told_it_is_told_all_the_same(tmp_path: Path) -> None:
    """Only the next session begins anew then."""
    (tmp_path / "told").write_text("")
    with api(ALL_WELL) as service:
        tape = played(assignment_of(tmp_path, channels_at(service.url)), rolled_back())

    assert ("slack", "completed", True) in tape.sent()
    assert ("discord", "completed", True) in tape.sent()
    assert CHANGE in service.asked


def test_who_was_perhaps_told_is_told_how_it_goes_on(tmp_path: Path) -> None:
    """The answer to the first message was lost: it is not repeated, and what follows is told all the same."""
    answers = {**ALL_WELL, SLACK: (502, b"lost"), DISCORD: (502, b"lost")}
    with api(answers) as service:
        first = assignment_of(tmp_path, channels_at(service.url))
        with begun(first) as (happens, herald, tape):
            for record in rolled_back()[:6]:
                happens(record.event)
            until(lambda: len(tape.sent()) == 2)
            answers = service.answers
            answers |= ALL_WELL
            for record in rolled_back()[6:]:
                happens(record.event)
            herald.end(LAST)

    sent = [("discord", "initiated", False), ("slack", "initiated", False)]
    assert sent == [each for each in tape.sent() if not each[2]]
    assert {("discord", "completed", True), ("slack", "completed", True)} <= set(tape.sent())
    assert 2 == service.asked.count(DISCORD)  # as a new one, since the id of the first is not known


def test_nothing_waits_for_a_channel_that_hangs(tmp_path: Path) -> None:
    """What happens goes on at once, and the end waits no longer than it must."""

    def silent(connection: socket.socket) -> None:
        while connection.recv(65536):
            pass

    with RawServer(silent) as server, begun(assignment_of(tmp_path, channels_at(server.url))) as session:
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
    with api(ALL_WELL) as service, begun(assignment_of(tmp_path, channels_at(service.url))) as session:
        happens, herald, tape = session
        for record in rolled_back():
            happens(record.event)
        herald.end(LAST)
        before = len(tape.records)
        herald.desks[0].tell(News(Occasion.FAILED, rolled_back()))
        herald.desks[0].join()

    assert before == len(tape.records)


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
    target = Target("prod", sandbox=sandbox, channels=channels_at("http://x"))
    found = audience_in_words(Assignment(kind, target, mutates, Path()))

    assert found.startswith(words)
    assert bool(found) == bool(words)
