"""One interruption after the other at one sandbox, each judged by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from backstop.model.errors import CouldNotLook
from soak.aftermath import Aftermath, look_around
from soak.judge import judge
from soak.plan import Interruption
from soak.scene import Scene
from soak.session import Desk, interrupt, rollback_of
from soak.session import undisturbed as run_undisturbed

_SHOWN = 6000  # characters of what a session wrote


@dataclass(frozen=True, slots=True)
class Round:
    """An interruption, what was there after it, and what is wrong with that."""

    planned: Interruption
    seen: Aftermath
    wrong: tuple[str, ...]

    def details(self) -> str:
        """Everything that somebody needs who has to find out why."""
        again = f"python -m soak --seed {self.planned.seed} --first {self.planned.number} --rounds 1"
        ended, told = self.seen.ended, self.seen.told
        lines = [
            f"round {self.planned.number}, {self.planned}; once more: {again}",
            *(f"  ✗ {each}" for each in self.wrong),
            f"  exit code {ended.code} after {ended.seconds:.2f} s, sent: {ended.sent}",
            f"  journal: {told}",
            f"  left: {self.seen.left}",
            f"  note: {self.seen.note}",
            f"  deployments: {self.seen.made}",
            *quoted("the session", ended.output),
            *quoted("the next one", self.seen.next.stdout if self.seen.next else ""),
        ]
        return "\n".join(lines)


def undisturbed(scene: Scene) -> float:
    """How many seconds a rollback takes. Raises CouldNotLook where it is not verified."""
    scene.break_it()
    completed = run_undisturbed(scene, _desk(scene, "undisturbed"), rollback_of(scene))
    if completed.returncode != 0:
        message = f"a rollback that nobody disturbed ended with exit code {completed.returncode}"
        raise CouldNotLook(f"{message}:\n{completed.stdout[-_SHOWN:]}{completed.stderr[-_SHOWN:]}")
    return completed.seconds


def rounds(scene: Scene, planned: Sequence[Interruption], whole: float) -> Iterator[Round]:
    """Go through them. ``whole`` is how many seconds a rollback takes undisturbed, to begin with."""
    known = len(scene.history())
    for each in planned:
        came = len(scene.history()) - known
        done = _round(scene, each, whole)
        known = len(scene.history())
        whole = whole if done.seen.ended.sent else done.seen.ended.seconds
        since = (f"{came} deployments came after the end of the round before",) if came else ()
        yield replace(done, wrong=(*since, *done.wrong))


def _round(scene: Scene, planned: Interruption, whole: float) -> Round:
    scene.break_it()
    before = scene.history()
    desk = _desk(scene, f"round-{planned.number}")
    ended = interrupt(scene, desk, rollback_of(scene), planned, whole)
    seen = look_around(scene, desk, ended, before)
    shutil.rmtree(desk.folder, ignore_errors=True)
    return Round(planned, seen, judge(planned, seen, scene.good))


def _desk(scene: Scene, name: str) -> Desk:
    return Desk(scene.folder / name, scene.targets)


def quoted(what: str, text: str) -> tuple[str, ...]:
    """The last of what a session wrote, to be read beneath the rest; nothing of nothing."""
    if not text:
        return ()
    return (f"  {what} wrote:", *(f"    │ {line}" for line in text[-_SHOWN:].splitlines()))
