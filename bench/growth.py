"""How the cost grows with what there is: targets in the file, events of a journal, and of a tail."""

from __future__ import annotations

import json
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from math import log10
from pathlib import Path

from backstop.cloudflare.tail_event import read_event
from backstop.environment import Environment
from backstop.journal.conclusion import conclude
from backstop.journal.reader import read
from backstop.settings.targets import load_targets
from bench.journal import write_journal
from bench.plot import Line, write_plot

TARGETS = (1, 10, 100)
RECORDS = (1_000, 10_000, 100_000)
EVENTS = (10_000, 100_000, 1_000_000)
_KEPT = 2000  # as a tail keeps
_ROUNDS = 3
_LONG_S = 1.0  # what takes as long as this is done once


def measure() -> None:
    """Print the table and draw it."""
    print("\ngrowth                                       CPU s, least of three      ten times as many take")
    lines = [
        _row("read a targets file of … targets", TARGETS, _read_targets),
        _row("read a journal of … events, and conclude", RECORDS, _read_journal),
        _row("read and keep … events of a tail", EVENTS, _read_tail),
    ]
    write_plot("growth", lines, ("how many", "seconds of CPU"), logarithmic=True)


def _row(what: str, sizes: Sequence[int], act: Callable[[int], Callable[[], object]]) -> Line:
    taken = [_least(act(size)) for size in sizes]
    tenfold = 10 ** ((log10(taken[-1]) - log10(taken[-2])) / (log10(sizes[-1]) - log10(sizes[-2])))
    for size, seconds in zip(sizes, taken, strict=True):
        last = f"{tenfold:8.1f} times as long" if size == sizes[-1] else ""
        print(f"{what.replace('…', f'{size:,}'):<46}{seconds:9.4f}{last:>40}")
    return Line(what.replace(" …", ""), sizes, taken)


def _least(act: Callable[[], object]) -> float:
    first = _timed(act)
    return first if first > _LONG_S else min(first, *(_timed(act) for _ in range(_ROUNDS - 1)))


def _timed(act: Callable[[], object]) -> float:
    """Of this process alone: on a busy machine the clock tells of the others."""
    began = time.process_time()
    act()
    return time.process_time() - began


def _read_targets(count: int) -> Callable[[], object]:
    text = "".join(f'[targets.t{n}]\nurl = "https://b{n}.example"\nworker = "b{n}"\n' for n in range(count))

    def read() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "targets.toml"
            path.write_text(text, encoding="utf-8")
            load_targets(path, Environment({}))

    return read


def _read_journal(count: int) -> Callable[[], object]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.jsonl"
        write_journal(path, count)
        text = path.read_bytes()

    def conclude_it() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "journal.jsonl"
            path.write_bytes(text)
            conclude(read(path))

    return conclude_it


def _read_tail(count: int) -> Callable[[], object]:
    event = {
        "outcome": "ok",
        "scriptVersion": {"id": "71570803-d6b0-4a51-b97f-42fadb8da7e1"},
        "event": {"request": {"url": "https://b.example/", "method": "GET", "headers": {"a": "b"}}},
        "logs": [{"message": ["hello"], "level": "log"}],
        "exceptions": [],
        "eventTimestamp": 1764000000000,
    }
    frame = json.dumps(event)

    def read() -> None:
        deque((read_event(frame) for _ in range(count)), maxlen=_KEPT)

    return read
