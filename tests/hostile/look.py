"""Sessions in processes of their own: what they left behind, how long they took, how much they held."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from backstop.journal.events import CheckFinished, Problem
from backstop.journal.reader import read
from backstop.journal.record import select
from tests.hostile.surroundings import ROOT, Surroundings, serving

LIMIT = 240.0  # seconds after which a session is ended
_MEASURED = Path(__file__).with_name("measured.py")


@dataclass(frozen=True)
class Look:
    """What was seen at one stage: the outcome and the message of each check; ``seconds`` by the journal."""

    outcomes: Mapping[str, str]
    messages: Mapping[str, str]
    problems: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Ended:
    """A session: its exit code, output, looks by the name of the scenario, seconds, and bytes at most."""

    code: int
    output: str
    looks: Mapping[str, Look]
    seconds: float
    memory: int


def look(around: Surroundings, folder: Path, *arguments: str) -> Ended:
    """One real look, as somebody types it with these arguments."""
    targets, reports = folder / "targets.toml", folder / "reports"
    with serving(around) as served:
        targets.write_text(served.targets)
        argv = ["pytest", "-p", "no:cacheprovider", "--target", "hostile", *arguments]
        argv += [f"--targets-file={targets}", f"--reports={reports}"]
        return _run(argv, folder, reports / "latest" / "journal.jsonl", served.environment)


def look_at_group(group: str, folder: Path) -> Ended:
    """One session with a stage for each of the surroundings of a group."""
    argv = ["tests.hostile.session", str(folder), group]
    return _run(argv, folder, folder / "journal.jsonl", {})


def _run(module: Sequence[str], folder: Path, journal: Path, variables: Mapping[str, str]) -> Ended:
    memory = folder / "memory"
    argv = [sys.executable, str(_MEASURED), str(memory), str(LIMIT), sys.executable, "-m", *module]
    began = time.monotonic()
    ended = subprocess.run(
        argv, cwd=ROOT, env={**_clean(), **variables}, capture_output=True, timeout=LIMIT + 10, check=False
    )
    seconds = time.monotonic() - began
    output = (ended.stdout + ended.stderr).decode()
    assert memory.exists(), output
    return Ended(ended.returncode, output, _looks(journal), seconds, int(memory.read_text()))


def _clean() -> dict[str, str]:
    """Our environment, without what would be taken for a target's, or for that of a distributed run."""
    others = ("CLOUDFLARE_", "DISCORD_", "PYTEST_XDIST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(others)}


def _looks(journal: Path) -> dict[str, Look]:
    records = read(journal)
    found: dict[str, list[tuple[float, CheckFinished]]] = defaultdict(list)
    for record, event in select(records, CheckFinished):
        found[event.scenario].append((record.t, event))
    problems = [event for _, event in select(records, Problem)]
    return {
        name: Look(
            outcomes={event.check: event.outcome for _, event in checks},
            messages={event.check: event.message for _, event in checks},
            problems=tuple(problem.message for problem in problems),
            seconds=sum(event.seconds for _, event in checks),
        )
        for name, checks in found.items()
    }
