"""Closes by hand what channels were told of and no session is going to close, with one message each.

That is what a session left that died, or an alert whose cause was mended elsewhere. However old it is:
nothing else closes what is older than a day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backstop.journal.events import Event, NotificationSent
from backstop.model.run import SessionKind
from backstop.model.target import Target
from backstop.notify.audience import TITLES, Assignment, desks_of
from backstop.notify.deliver import MOST_S
from backstop.notify.desk import Desk, News
from backstop.notify.notifier import Known
from backstop.notify.occasion import Occasion
from backstop.notify.story import closed_by_hand
from backstop.notify.texts import Texts


@dataclass(frozen=True, slots=True)
class Open:
    """What one channel was told of an incident, and not that it is over."""

    desk: Desk
    known: Known
    answers: list[Event] = field(default_factory=list)

    @property
    def told(self) -> str:
        """The channel, and of what it knows, in words."""
        of = f"alerts of {', '.join(self.known.alerts)}" if self.known.alerts else ""
        drill = "a drill" if self.desk.backdrop.drill else ""
        what = of or drill or "a rollback"
        return f"{TITLES[self.desk.notifier.name]}: {what} (run {self.known.incident or 'unknown'})"


@dataclass(frozen=True, slots=True)
class Closed:
    """What became of the message that it is over; ``left`` says what was told and could not be forgotten."""

    channel: str
    ok: bool
    answer: str
    left: str = ""


def open_incidents(target: Target, state: Path, texts: Texts) -> tuple[Open, ...]:
    """What is open in the channels of a target and of its drills; ``state`` is what a team shares."""
    return tuple(_open(target, state, texts))


def close(found: Sequence[Open], target: Target, reason: str, by: str) -> Iterator[Closed]:
    """Tell each of these channels that it is over, all at once; at most ten seconds long."""
    for each in found:
        told = closed_by_hand(target, each.known.incident, reason, by, each.desk.backdrop)
        each.desk.open()
        each.desk.tell(News(Occasion.RESOLVED, (), follow_up=True, told=told))
        each.desk.end(each.desk.clock.now() + MOST_S)
    for each in found:
        each.desk.join()
        yield _closed(each)


def _open(target: Target, state: Path, texts: Texts) -> Iterator[Open]:
    kinds = (SessionKind.DRILL,) if target.sandbox else (SessionKind.WATCH, SessionKind.DRILL)
    for kind in kinds:
        answers: list[Event] = []
        assignment = Assignment(kind, target, mutates=True, state=state)
        for desk in desks_of(assignment, texts, answers.append, fresh=timedelta.max):
            known = desk.memory.known(datetime.now(UTC))
            if known is not None:
                yield Open(desk, known, answers)


def _closed(each: Open) -> Closed:
    channel = each.desk.notifier.name
    sent = [a for a in each.answers if isinstance(a, NotificationSent) and a.channel == channel]
    if not sent:  # another one has closed it in the meantime
        return Closed(TITLES[channel], ok=True, answer="it is not open there any more")
    kept = sent[-1].ok and each.desk.memory.known(datetime.now(UTC)) is not None
    return Closed(TITLES[channel], sent[-1].ok, sent[-1].answer, str(each.desk.memory.file) if kept else "")
