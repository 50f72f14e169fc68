"""Reports of long journals: seconds and memory for each, and how they grow with the number of events."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from backstop.journal.events import (
    CheckFinished,
    Event,
    MutationArmed,
    MutationDone,
    MutationUndone,
    RollbackFinished,
    RollbackStarted,
    Said,
    ScenarioDeclared,
    SessionFinished,
    SessionStarted,
    StageReady,
    StageStarted,
    VersionSeen,
    Witnessed,
)
from backstop.journal.reader import read
from backstop.journal.writer import Journal
from backstop.report.archive import REPORT
from backstop.report.write import write_reports
from bench.memory import peak_mb

SIZES = (1_000, 10_000, 100_000)
_CHECKS = 80
_KILO = 1024
_VERSION = "6f1c2b0e-5a77-4f0c-9e0b-8f6a1d0c4b21"


@dataclass(frozen=True, slots=True)
class _Figures:
    seconds: float
    memory_mb: float
    page_kb: float


def measure() -> None:
    """Print the table; the last column is seconds for each event, over those of the row before."""
    print("\nreport of a drill with so many events   seconds   peak MB   page kB   growth")
    before = 0.0
    for size in SIZES:
        found = _apart(size)
        growth = f"{found.seconds / size / before:8.2f}" if before else ""
        before = found.seconds / size
        print(f"{size:37}  {found.seconds:8.2f}  {found.memory_mb:8.0f}  {found.page_kb:8.0f} {growth}")


def _apart(size: int) -> _Figures:
    """In a process of its own, whose memory is nobody else's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.jsonl"
        write_journal(path, size)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            return pool.apply(_report, (path,))


def _report(journal: Path) -> _Figures:
    began = time.perf_counter()
    write_reports(read(journal), journal.parent)
    seconds = time.perf_counter() - began
    page = (journal.parent / REPORT).stat().st_size
    return _Figures(seconds, peak_mb(), page / _KILO)


def write_journal(path: Path, size: int) -> None:
    """The journal of a drill with so many events."""
    with Journal(path) as journal:
        for event in _drill(size):
            journal.write(event)


def _drill(size: int) -> Iterator[Event]:
    """A drill of as many scenarios as it takes to have so many events."""
    each = 2 * _CHECKS + 20
    scenarios = [f"scenario-{number}" for number in range(max(1, size // each))]
    yield SessionStarted("bench", "drill", "local", "bot", "http://127.0.0.1:1", ("pytest", "-m", "drill"))
    for name in scenarios:
        yield ScenarioDeclared(name, name, "fault", "it changes", ("suite.check-0",), "critical", "done")
    yield StageStarted("0-good", "good")
    yield StageReady("0-good", _VERSION, 1.0)
    yield from _checks("0-good")
    for number, name in enumerate(scenarios):
        yield from _scenario(number, name)
    yield SessionFinished((2 * len(scenarios) + 1) * _CHECKS, 1.0)


def _scenario(number: int, name: str) -> Iterator[Event]:
    broken, good, change = f"{2 * number + 1}-fault-{name}", f"{2 * number + 2}-good-{name}", f"m{number}"
    version = f"{number:08x}-0000-4000-8000-000000000000"
    yield StageStarted(broken, "fault", name)
    yield MutationArmed(change, "deploy the bot under fault", f"deploy {_VERSION} at 100 %")
    yield VersionSeen(version, "fault", number)
    yield from _witnesses(broken, version)
    yield MutationDone(change, ok=True, detail="it serves")
    yield StageReady(broken, version, 1.0)
    yield from _checks(broken, red="suite.check-0")
    yield StageStarted(good, "good", name)
    yield RollbackStarted(good, version, _VERSION, "drill", "it served before", name)
    yield from _witnesses(good, _VERSION)
    yield RollbackFinished(good, "done", {"command": 1.0, "serving": 2.0}, "", name)
    yield MutationUndone(change, "three witnesses say so")
    yield Said("old version serving everywhere we look; validating …")
    yield StageReady(good, _VERSION, 1.0)
    yield from _checks(good)


def _witnesses(stage: str, version: str) -> Iterator[Event]:
    for witness in ("command", "api", "edge"):
        yield Witnessed(stage, witness, agrees=True, wanted=version, found=version)


def _checks(stage: str, red: str = "") -> Iterator[Event]:
    for number in range(_CHECKS):
        name = f"suite.check-{number}"
        is_red = name == red
        outcome, message = ("fail", "GET / → 503, wanted 200") if is_red else ("pass", "")
        title = f"Check {number}"
        yield CheckFinished(
            name, title, "suite", "critical", stage, outcome, message, expected_red=is_red, seconds=0.02
        )
