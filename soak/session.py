"""A session in a process of its own, and what cuts it short."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backstop.polling import SYSTEM
from backstop.process import Completed, run, start
from backstop.running import NoLine, Running
from soak.disturb import disturb, watch
from soak.plan import SOON, Interruption, Way
from soak.scene import ROOT, TARGET, Scene

# Seconds within which a session ends: once it is told to, and once nothing works as it should; a drill that
# goes on then may wait for the budget of its requests, a minute each time.
LIMIT = {way: 240.0 if way in (Way.DISK, Way.NETWORK) else 30.0 for way in Way}
LOOK = ("-m", "post_rollback")
_WHOLE = 120.0  # seconds for a session that nobody disturbs; it takes three


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one session works. Every process that it starts has ``temporary`` in its environment.

    ``targets`` is its targets file, beside which it keeps what outlives it; ``target`` is the one it names.
    """

    folder: Path
    targets: Path
    target: str = TARGET

    @property
    def temporary(self) -> Path:
        """The directory of temporary files, which nobody else has."""
        return self.folder / "tmp"

    @property
    def reports(self) -> Path:
        """Where the session leaves its report."""
        return self.folder / "reports"

    @property
    def journal(self) -> Path | None:
        """The journal of the first session that worked here; None before it has begun one."""
        return next(iter(sorted(self.reports.glob(f"*-{self.target}/journal.jsonl"))), None)


@dataclass(frozen=True, slots=True)
class Ended:
    """``sent``: it still ran when its moment came. ``code`` is None when it did not end in time.

    ``seconds`` went by from the signal, or from its start where none was sent, to its end.
    """

    sent: bool
    code: int | None
    seconds: float
    output: str


def interrupt(scene: Scene, desk: Desk, words: Sequence[str], planned: Interruption, whole: float) -> Ended:
    """Begin a session, and cut it short. ``whole`` is how many seconds it takes undisturbed."""
    with _started(scene, desk, words) as running:
        began = SYSTEM.now()
        _wait(running, desk, planned, whole)
        sent = running.returncode is None
        if sent:
            began = SYSTEM.now()
            disturb(running, planned, scene.network)
        rest = whole if planned.way is Way.NETWORK else 0.0  # it goes on when the network is back
        code = _await_end(running, LIMIT[planned.way] + rest)
        return Ended(sent, code, SYSTEM.now() - began, _output(running))


def undisturbed(scene: Scene, desk: Desk, words: Sequence[str]) -> Completed:
    """A session from its begin to its end."""
    desk.temporary.mkdir(parents=True, exist_ok=True)
    return run(_typed(desk, words), env=_environment(scene, desk), cwd=ROOT, limit=_WHOLE)


def look(scene: Scene, desk: Desk) -> Completed:
    """What somebody types next: a session that changes nothing."""
    return undisturbed(scene, desk, LOOK)


def rollback_of(scene: Scene) -> tuple[str, ...]:
    """What somebody types who rolls back."""
    return (*LOOK, "--rollback", "--reason", "soak", "--expect-live", scene.bad)


@contextmanager
def _started(scene: Scene, desk: Desk, words: Sequence[str]) -> Iterator[Running]:
    desk.temporary.mkdir(parents=True, exist_ok=True)
    with start(_typed(desk, words), env=_environment(scene, desk), cwd=ROOT) as running:
        yield running


def _typed(desk: Desk, words: Sequence[str]) -> list[str]:
    where = ["--targets-file", str(desk.targets), "--reports", str(desk.reports)]
    return [
        *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider"),
        *("--target", desk.target, *where, *words),
    ]


def _environment(scene: Scene, desk: Desk) -> Mapping[str, str]:
    """What it may have; its locks and temporary files are its own."""
    return {**scene.environment(), "TMPDIR": str(desk.temporary)}


def _wait(running: Running, desk: Desk, planned: Interruption, whole: float) -> None:
    """Until its moment has come, or it has ended before."""
    seconds = planned.share * (SOON if planned.line else whole)
    if planned.line:
        wanted = f'"kind": "{planned.line}"'.encode()
        watch(lambda: running.returncode is not None or _has(desk, wanted), _WHOLE)
    watch(lambda: running.returncode is not None, seconds)


def _has(desk: Desk, wanted: bytes) -> bool:
    journal = desk.journal
    return journal is not None and wanted in journal.read_bytes()


def _await_end(running: Running, seconds: float) -> int | None:
    watch(lambda: running.returncode is not None, seconds)
    return running.returncode


def _output(running: Running) -> str:
    lines = []
    try:
        while True:
            lines.append(running.read_line(1.0))
    except NoLine:
        return "\n".join((*lines, running.stderr()))
