"""Sessions with a herald, on channels of a test's own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from backstop.journal.events import (
    Event,
    NotificationSent,
    Said,
    SessionFinished,
    StageStarted,
)
from backstop.journal.record import Record
from backstop.model.run import SessionKind
from backstop.model.target import Channels, Command, Secret, Target, Webhook
from backstop.notify.audience import Assignment, herald_of
from backstop.notify.herald import Herald
from tests.unit.samples import numbered
from tests.unit.telling import HOOK, WEBHOOK

SLACK, DISCORD = f"POST {HOOK}", f"POST {WEBHOOK}?wait=true"
CHANGE = f"PATCH {WEBHOOK}/messages/7"
ALL_WELL: dict[str, tuple[int, object]] = {
    SLACK: (200, b"ok"),
    DISCORD: (200, {"id": "7"}),
    CHANGE: (200, {"id": "7"}),
    f"GET {WEBHOOK}": (200, {"type": 1, "name": "Status", "channel_id": "1"}),
}
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


def channels_at(url: str, **more: object) -> Channels:
    """A webhook of Slack's and one of Discord's at this address."""
    slack = Webhook("SLACK", Secret("SLACK", url + HOOK))
    discord = Webhook("DISCORD", Secret("DISCORD", url + WEBHOOK))
    return Channels(slack=slack, discord=discord, **more)  # type: ignore[arg-type]


def assignment_of(
    state: Path, channels: Channels, kind: SessionKind = SessionKind.POST_ROLLBACK, *, mutates: bool = True
) -> Assignment:
    """A session of prod."""
    target = Target("prod", sandbox=False, channels=channels, commands=(Command("register"),))
    return Assignment(kind, target, mutates, state)


@contextmanager
def begun(assignment: Assignment) -> Iterator[tuple[Callable[[Event], None], Herald, Tape]]:
    """What makes things happen in a session, who hears of them, and the journal."""
    tape = Tape()
    herald = herald_of(assignment, tape.write, lambda: tuple(tape.records))
    assert herald is not None
    herald.open()

    def happens(event: Event) -> None:
        tape.write(event)
        herald.hear(tape.records[-1])

    yield happens, herald, tape


def played(assignment: Assignment, records: Sequence[Record]) -> Tape:
    """A whole session, from its first line to its end."""
    with begun(assignment) as (happens, herald, tape):
        for record in records:
            happens(record.event)
        herald.end(LAST)
    return tape


def as_a_look(records: Sequence[Record]) -> tuple[Record, ...]:
    """The same as a session that only looks."""
    return numbered(
        replace(record.event, phase="live") if isinstance(record.event, StageStarted) else record.event
        for record in records
    )


def until(holds: Callable[[], bool]) -> None:
    """Wait until it is so; fails when that takes too long."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
