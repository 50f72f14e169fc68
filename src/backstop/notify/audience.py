"""Who is told by a session, and the desks that tell them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from backstop.journal.events import Event
from backstop.journal.record import Record
from backstop.model.run import SessionKind
from backstop.model.target import Channels, Target
from backstop.notify.desk import Desk
from backstop.notify.discord import Discord
from backstop.notify.herald import Herald, Notes, look_at
from backstop.notify.memory import FRESH, Memory
from backstop.notify.notifier import Notifier
from backstop.notify.slack import Slack
from backstop.notify.statuspage import Statuspage
from backstop.notify.story import Backdrop
from backstop.notify.texts import Texts

TOLD = "told"  # the folder of the state directory
TITLES = {"slack": "Slack", "discord": "Discord", "statuspage": "Statuspage"}
_FOLLOW_UP = frozenset({SessionKind.POST_ROLLBACK, SessionKind.WATCH})
_WATCHING = frozenset({SessionKind.MONITOR, SessionKind.WATCH})


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a session is. ``mutates``: it changes the bot, or may. ``state`` is what a team shares."""

    kind: SessionKind
    target: Target
    mutates: bool
    state: Path
    templates: Path | None = None
    report: str = ""

    @property
    def drill(self) -> bool:
        """Whether nothing is wrong with any bot: a drill, and whatever is tried in a sandbox."""
        return self.kind is SessionKind.DRILL or self.target.sandbox

    @property
    def channels(self) -> Channels:
        """Who is told: a drill has channels of its own, or none; a session that only looks has none."""
        if not (self.mutates or self.kind in _FOLLOW_UP | _WATCHING):
            return Channels()
        found = self.target.channels
        return (found.drills or Channels()) if self.drill else found

    @property
    def nobody(self) -> str:
        """Why nobody is told, where that may surprise; empty elsewhere."""
        named = tuple(apart(self.target.channels))
        if self.mutates and self.drill and named and self.target.channels.drills is None:
            return "nobody: drills and practice have channels of their own, in channels.drills"
        return ""


def audience_in_words(assignment: Assignment) -> str:
    """Who is told by a session, or why nobody is where that may surprise; empty elsewhere."""
    names = ", ".join(TITLES[notifier.name] for notifier, _ in apart(assignment.channels))
    mark = " (marked as a drill)" if assignment.drill and names else ""
    if names and not (assignment.mutates or assignment.kind in _WATCHING):
        return f"{names}, where they know of an incident that is still open"
    return f"{names}{mark}" or assignment.nobody


def apart(channels: Channels) -> Iterator[tuple[Notifier, Channels]]:
    """Each channel that is named, and it alone."""
    if channels.slack is not None:
        yield Slack(channels.slack), Channels(slack=channels.slack)
    if channels.discord is not None:
        yield Discord(channels.discord), Channels(discord=channels.discord)
    if channels.statuspage is not None:
        yield Statuspage(channels.statuspage), Channels(statuspage=channels.statuspage)


def herald_of(
    assignment: Assignment, record: Callable[[Event], object], records: Callable[[], Sequence[Record]]
) -> Herald | None:
    """Who tells people of a session; None where nobody is to be told."""
    notes = Notes()
    look = partial(look_at, say=notes.say) if assignment.mutates else None
    desks = desks_of(assignment, Texts(assignment.templates, notes.say), record, look)
    return Herald(assignment.kind, desks, record, records, notes) if desks else None


def desks_of(
    assignment: Assignment,
    texts: Texts,
    record: Callable[[Event], object],
    look: Callable[[Channels], None] | None = None,
    fresh: timedelta = FRESH,
) -> list[Desk]:
    """One for each channel that is told; ``look`` sees whether one is there.

    What was told longer ago than ``fresh`` is no incident that is still open.
    """
    channels = assignment.channels
    backdrop = Backdrop(
        report=assignment.report,
        commands=tuple(dict.fromkeys(f"/{each.name}" for each in assignment.target.commands)),
        drill=assignment.drill,
    )

    def desk(notifier: Notifier, alone: Channels) -> Desk:
        memory = Memory(assignment.state / TOLD, _file_of(assignment), notifier.name, fresh=fresh)
        check = partial(look, alone) if look is not None else (lambda: None)
        alerts = notifier.name in channels.alerts
        return Desk(notifier, memory, texts, backdrop, record, check, alerts)

    return [desk(notifier, alone) for notifier, alone in apart(channels)]


def _file_of(assignment: Assignment) -> str:
    """Drills have an incident of their own."""
    return f"{assignment.target.name}.drill" if assignment.drill else assignment.target.name
