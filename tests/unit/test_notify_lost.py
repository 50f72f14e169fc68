"""A public incident of which nobody knows whether it arrived: the next session looks for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from backstop.journal.events import NotificationSent
from backstop.model.run import SessionKind
from backstop.model.target import Channels, Secret, Statuspage
from backstop.notify.audience import TOLD
from backstop.notify.memory import Memory
from backstop.notify.notifier import Known
from tests.unit.heralds import Tape, as_a_look, assignment_of, played
from tests.unit.loopback import Canned, api
from tests.unit.telling import KEY, rolled_back

POST, SEEK, PATCH = (
    "POST /pages/p1/incidents",
    "GET /pages/p1/incidents?limit=10",
    "PATCH /pages/p1/incidents/abc",
)
DOWN: dict[str, tuple[int, object]] = dict.fromkeys((POST, SEEK, PATCH), (502, {}))


@dataclass
class Team:
    """A status page, and the state directory that its sessions share."""

    folder: Path
    service: Canned

    @property
    def _channels(self) -> Channels:
        return Channels(statuspage=Statuspage("p1", "c1", "KEY", Secret("KEY", KEY), self.service.url))

    def roll_back(self) -> Tape:
        """A rollback that is told of."""
        return played(assignment_of(self.folder, self._channels), rolled_back())

    def look(self) -> Tape:
        """A look after it, which finds the bot well."""
        after = [r for r in rolled_back(session="watch") if "rollback" not in r.event.kind]
        look = assignment_of(self.folder, self._channels, SessionKind.WATCH, mutates=False)
        return played(look, as_a_look(after))

    @property
    def known(self) -> Known | None:
        """What is remembered of the incident."""
        return Memory(self.folder / TOLD, "prod", "statuspage").known(datetime.now(UTC))

    @property
    def written(self) -> list[str]:
        """What was asked of the page but for looks."""
        return [each for each in self.service.asked if each.startswith(("POST", "PATCH"))]

    def recovers(self, *, with_the_incident: bool) -> None:
        """The page is up again, and shows what it was sent first, or not."""
        sent = json.loads(self.service.seen[self.service.asked.index(POST)][1])["incident"]
        there = [{"id": "abc", "metadata": sent["metadata"]}] if with_the_incident else []
        self.service.answers |= {POST: (201, {"id": "abc"}), SEEK: (200, there), PATCH: (200, {"id": "abc"})}


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    """With a page that is down."""
    with api(dict(DOWN)) as service:
        yield Team(tmp_path, service)


def _answers(tape: Tape) -> list[tuple[bool, bool]]:
    sent = [record.event for record in tape.records if isinstance(record.event, NotificationSent)]
    return [(event.ok, event.perhaps) for event in sent]


def test_the_next_session_finds_it_and_closes_it(team: Team) -> None:
    """It was posted once, and is resolved in place."""
    first = team.roll_back()
    team.recovers(with_the_incident=True)
    second = team.look()

    assert (False, True) == _answers(first)[0]
    assert [(True, False)] == _answers(second)
    assert [POST, PATCH] == team.written
    assert team.known is None


def test_one_that_is_not_there_is_not_told_of(team: Team) -> None:
    """Users heard of nothing, so that nothing is over for them; the next rollback is told anew."""
    team.roll_back()
    team.recovers(with_the_incident=False)
    look, again = team.look(), team.roll_back()

    assert [] == _answers(look)
    assert (True, False) == _answers(again)[0]
    assert [POST, POST] == [each for each in team.written if each == POST]


def test_while_nobody_can_tell_no_second_one_is_posted(team: Team) -> None:
    """The first stays perhaps, and is looked for again."""
    first, second = team.roll_back(), team.roll_back()

    assert (False, True) == _answers(first)[0]
    assert {(False, False)} == {*_answers(first)[1:], *_answers(second)}
    assert [POST] == team.written
    assert team.known is not None
    assert team.known.lost


def test_one_that_was_refused_is_not_looked_for(team: Team) -> None:
    """The page has said that it has no such thing."""
    team.service.answers[POST] = (401, {"error": "Could not authenticate"})

    tape = team.roll_back()

    assert (False, False) == _answers(tape)[0]
    assert team.known is None
    assert SEEK not in team.service.asked


def test_who_is_killed_while_it_is_sent_leaves_what_to_look_for(team: Team) -> None:
    """The mark is written down before the message goes out."""
    marks: list[str | None] = []

    class Watching(dict[str, tuple[int, object]]):
        def get(self, request: str, default: Any = None) -> Any:
            if request == POST:
                marks.append(team.known.mark if team.known else None)
            return super().get(request, default)

    team.service.answers = Watching({POST: (201, {"id": "abc"}), PATCH: (200, {"id": "abc"})})
    team.roll_back()

    sent = json.loads(team.service.seen[team.service.asked.index(POST)][1])["incident"]
    assert [sent["metadata"]["backstop"]["message"]] == marks
