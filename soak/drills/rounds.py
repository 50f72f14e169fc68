"""One drill after the other that is cut short at one sandbox, each judged by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backstop.model.errors import CouldNotLook
from soak.drills.aftermath import Aftermath, seen_elsewhere, seen_here
from soak.drills.ground import PASSING, Machine, machine, make_steady
from soak.drills.judge import judge
from soak.drills.plan import Cut
from soak.rounds import quoted
from soak.scene import TARGET, Scene
from soak.session import Desk, interrupt, undisturbed

_TRIED = "health-check-failure"
_MORE = 0.6  # a second scenario takes so much of the time of a drill of one


@dataclass(frozen=True, slots=True)
class DrillRound:
    """An interruption, what was there after it, and what is wrong with that."""

    cut: Cut
    seen: Aftermath
    wrong: tuple[str, ...]

    def details(self) -> str:
        """Everything that somebody needs who has to find out why."""
        planned, ended = self.cut.planned, self.seen.ended
        again = f"python -m soak --rounds 0 --drills 1 --seed {planned.seed} --first {planned.number}"
        lines = [
            f"round {planned.number}, {self.cut}; once more: {again}",
            *(f"  ✗ {each}" for each in self.wrong),
            f"  exit code {ended.code} after {ended.seconds:.2f} s, sent: {ended.sent}",
            f"  journal: {self.seen.told}",
            f"  left: {self.seen.left}",
            f"  note: {self.seen.note}",
            f"  at Cloudflare: {self.seen.after}",
            f"  in the end: {self.seen.finally_there}",
            *quoted("the drill", ended.output),
            *quoted("the look elsewhere", self.seen.elsewhere.stdout if self.seen.elsewhere else ""),
            *quoted("--restore elsewhere", self.seen.restored.stdout if self.seen.restored else ""),
        ]
        return "\n".join(lines)


class Drills:
    """Cuts drills short at a scene; the second of its two machines has never drilled anything."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._here = machine(scene, "here")
        self._elsewhere = machine(scene, "elsewhere")

    def undisturbed(self) -> float:
        """How many seconds a drill takes. Raises CouldNotLook where it is not verified."""
        make_steady(self._scene)
        desk = self._desk(self._here, "undisturbed")
        completed = undisturbed(self._scene, desk, _drill(_TRIED))
        if completed.returncode != 0:
            message = f"a drill that nobody disturbed ended with exit code {completed.returncode}"
            raise CouldNotLook(f"{message}:\n{completed.stdout}{completed.stderr}")
        return completed.seconds

    def rounds(self, planned: Sequence[Cut], whole: float) -> Iterator[DrillRound]:
        """Go through them. ``whole`` is how many seconds a drill takes undisturbed, to begin with."""
        for cut in planned:
            done = self._round(cut, whole)
            if not done.seen.ended.sent and not cut.passing and len(cut.scenarios) == 1:
                whole = done.seen.ended.seconds
            yield done

    def _round(self, cut: Cut, whole: float) -> DrillRound:
        good = make_steady(self._scene)
        name = f"drill-{cut.planned.number}"
        own = self._desk(self._here, name, PASSING if cut.passing else TARGET)
        other = self._desk(self._elsewhere, name)
        lasts = whole * (1 + _MORE * (len(cut.scenarios) - 1))
        ended = interrupt(self._scene, own, _drill(*cut.scenarios), cut.planned, lasts)
        seen = seen_here(self._scene, own, ended, good)
        if not cut.passing:
            seen = seen_elsewhere(self._scene, other, cut, seen)
        for desk in (own, other):
            shutil.rmtree(desk.folder, ignore_errors=True)
        return DrillRound(cut, seen, judge(cut, seen))

    def _desk(self, at: Machine, name: str, target: str = TARGET) -> Desk:
        return Desk(at.folder / name, at.targets, target)


def _drill(*scenarios: str) -> tuple[str, ...]:
    return ("-m", "drill", *(word for name in scenarios for word in ("--scenario", name)))
