"""What there is after an interruption, seen and not judged."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from backstop.journal.conclusion import conclude
from backstop.journal.reader import read
from backstop.journal.record import Damaged
from backstop.model.errors import BackstopError
from backstop.model.verdict import Ending
from backstop.model.version import Deployment, Share
from backstop.polling import SYSTEM, PollTimedOut, poll
from backstop.process import Completed
from backstop.rollback.lock import Locks
from backstop.rollback.undo import UndoNote
from soak.scene import TARGET, Scene
from soak.session import Desk, Ended, look

_PATIENCE = 15.0  # seconds for processes to end; what takes longer has to be found by hand
_GLANCE = 0.02  # seconds between two looks at the processes


@dataclass(frozen=True, slots=True)
class Told:
    """What a session left in writing. ``whole``: the journal has its last line. ``files`` are their names."""

    run: str
    ending: Ending
    whole: bool
    kinds: frozenset[str]
    damage: tuple[str, ...]
    files: frozenset[str]


@dataclass(frozen=True, slots=True)
class Left:
    """What a session left running or held. ``seconds`` passed until its last process had ended."""

    lock: str
    processes: tuple[str, ...]
    seconds: float
    temporary: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aftermath:
    """Everything that is known after one interruption.

    ``told`` is None where the session had not begun. ``made`` are the deployments that came, newest first;
    ``late`` says how many of them came after the session's end. ``next`` is what the next session said, None
    where no ``note`` was left to tell of; ``forgotten``: the note was gone after it.
    """

    ended: Ended
    told: Told | None
    left: Left
    made: tuple[Deployment, ...]
    late: int
    live: tuple[Share, ...]
    note: UndoNote | None
    next: Completed | None
    forgotten: bool

    @property
    def acted(self) -> bool:
        """Whether anything was deployed."""
        return bool(self.made)


def look_around(scene: Scene, desk: Desk, ended: Ended, before: Sequence[Deployment]) -> Aftermath:
    """Look at everything that a session may have left. ``before`` is the history that it found."""
    lock = lock_of(scene, desk)
    at_once = scene.history()
    left = left_by(desk, lock)
    now = scene.history()
    told = told_by(desk)
    live = scene.live()
    note = scene.notes.pending(TARGET)
    following = look(scene, desk) if note is not None else None
    return Aftermath(
        ended=ended,
        told=told,
        left=left,
        made=now[: len(now) - len(before)],
        late=len(now) - len(at_once),
        live=live,
        note=note,
        next=following,
        forgotten=scene.notes.pending(TARGET) is None,
    )


def told_by(desk: Desk) -> Told | None:
    """What the first session at a desk has written."""
    path = desk.journal
    if path is None:
        return None
    records = read(path)
    found = conclude(records)
    return Told(
        run=found.run,
        ending=found.ending,
        whole=found.facts.footer is not None,
        kinds=frozenset(record.event.kind for record in records),
        damage=tuple(record.event.why for record in records if isinstance(record.event, Damaged)),
        files=frozenset(each.name for each in path.parent.iterdir()),
    )


def lock_of(scene: Scene, desk: Desk) -> str:
    """Why the worker's lock can't be taken; empty when it can."""
    target = scene.seen  # by the address that the sessions have
    locks = Locks(desk.temporary / f"backstop-{os.getuid()}")
    try:
        with locks.held(target, "soak"):
            return ""
    except BackstopError as error:
        return error.message


def left_by(desk: Desk, lock: str) -> Left:
    """Wait for the end of the session's processes; what is there then. ``lock`` was seen before that."""
    processes, seconds = _outlive(desk)
    return Left(lock, processes, seconds, _litter(desk))


def _outlive(desk: Desk) -> tuple[tuple[str, ...], float]:
    """The processes of the session that don't end, and how long it took the others."""
    began = SYSTEM.now()
    with suppress(PollTimedOut):
        poll(
            lambda: not _processes(desk) or None,
            deadline=_PATIENCE,
            what="the end of all processes",
            every=_GLANCE,
            most=_GLANCE,
        )
    return _processes(desk), SYSTEM.now() - began


def _processes(desk: Desk) -> tuple[str, ...]:
    """Those with the session's directory of temporary files, or one in it: each child is handed that down."""
    found = []
    for process in psutil.process_iter(["name", "exe", "environ"]):
        where = (process.info["environ"] or {}).get("TMPDIR", "")
        if where and Path(where).is_relative_to(desk.temporary):
            name = Path(process.info["exe"] or process.info["name"]).name
            found.append(f"{name} ({process.pid})")
    return tuple(found)


def _litter(desk: Desk) -> tuple[str, ...]:
    """Temporary files besides the directory of the locks, which stays."""
    names = {each.name for each in desk.temporary.iterdir()}
    return tuple(sorted(names - {f"backstop-{os.getuid()}"}))
