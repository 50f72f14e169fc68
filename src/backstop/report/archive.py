"""The folders that sessions left among the reports: ours by their name and their verdict."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from backstop.journal.reader import JOURNAL
from backstop.model.keeping import DAY_S, Keeping
from backstop.model.strict_json import parse_json
from backstop.model.verdict import Verdict
from backstop.storage import LATEST, run_name

REPORT = "report.html"
VERDICT = "verdict.json"

_NAME = re.compile(r"(\d{8}T\d{6}Z)-[A-Za-z0-9._-]+")
_AGAIN = re.compile(r"-\d{1,4}")  # what tells sessions of one second apart
_LARGEST = 32 * 1024 * 1024  # bytes of one verdict
_MOST_BYTES = 128 * 1024 * 1024  # of all of them
_MOST_FOLDERS = 4000
_MOST_REMOVED = 50  # at the end of one session
_LONGEST_S = 1e9
_SETTLED_S = 3600.0  # other plugins write their files after the verdict
_NEVER_REMOVED = {Verdict.UNRESTORED, Verdict.UNCONFIRMED}


@dataclass(frozen=True, slots=True)
class Ended:
    """What a verdict says. ``lasted`` and ``recovered``, to a verified rollback, are seconds or None."""

    run: str
    session: str
    target: str
    verdict: Verdict
    severity: str
    decision: str
    lasted: float | None
    recovered: float | None
    written: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """The folder of a session; ``ended`` is None where there is no verdict of it that can be read."""

    name: str
    began: datetime
    ended: Ended | None


def sessions_left(reports: Path) -> tuple[Left, ...]:
    """All sessions among the reports, the newest first: the newest 4000, and 128 MiB of verdicts of them."""
    names = sorted(_names(reports), reverse=True)[:_MOST_FOLDERS]
    read, left = 0, []
    for name in names:
        path = reports / name / VERDICT
        size = _size(path)
        read += size
        ended = _ended(name, path) if 0 < size <= _LARGEST and read <= _MOST_BYTES else None
        left.append(Left(name, _began(name), ended))
    return tuple(left)


def outlived(
    left: Sequence[Left], keeping: Keeping, now: datetime, needed: Collection[str], latest: str
) -> tuple[str, ...]:
    """Which folders the rule removes now, the oldest first. Pure.

    Never the newest, nor the ``latest``; never one without a verdict, which may still be written; never one
    after which something may be left in place; never a run that is ``needed``.
    """
    ours = [each for each in left if each.ended is not None]
    oldest = now - timedelta(seconds=keeping.days * DAY_S)
    beyond = [each for place, each in enumerate(ours) if place >= keeping.sessions or each.began < oldest]
    kept = {ours[0].name, latest} if ours else set()
    may = [each.name for each in beyond if each.name not in kept and _may_go(each, now, needed)]
    return tuple(reversed(may))[:_MOST_REMOVED]


def latest_of(reports: Path) -> str:
    """The folder that ``latest`` points to; empty where it points to none."""
    try:
        return (reports / LATEST).readlink().name
    except OSError:
        return ""


def _may_go(left: Left, now: datetime, needed: Collection[str]) -> bool:
    ended = left.ended
    if ended is None or ended.verdict in _NEVER_REMOVED or ended.run in needed:
        return False
    return (now - ended.written).total_seconds() >= _SETTLED_S


def _names(reports: Path) -> Iterator[str]:
    if reports.is_dir():
        for path in reports.iterdir():
            if _NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
                yield path.name


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() and not path.is_symlink() else 0
    except OSError:
        return 0


def _ended(name: str, path: Path) -> Ended | None:
    try:
        found = parse_json(path.read_bytes())
        written = max(_written(path), _written(path.with_name(JOURNAL)))
    except (OSError, OverflowError, ValueError):
        return None
    return _read(name, found, written) if isinstance(found, dict) else None


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime if path.exists() else 0, UTC)


def _read(name: str, found: Mapping[str, Any], written: datetime) -> Ended | None:
    """None unless the verdict is of a session that leaves a folder of this name."""
    texts = {key: found.get(key) for key in ("run", "session", "target", "severity", "decision", "verdict")}
    verdict = next((each for each in Verdict if each.value == texts["verdict"]), None)
    if verdict is None or not all(isinstance(text, str) for text in texts.values()):
        return None
    stem = run_name(_began(name), str(texts["session"]), str(texts["target"]))
    if name != stem and not (name.startswith(stem) and _AGAIN.fullmatch(name.removeprefix(stem))):
        return None
    timings = found.get("timings")
    known = timings if isinstance(timings, dict) else {}
    return Ended(
        run=str(texts["run"]),
        session=str(texts["session"]),
        target=str(texts["target"]),
        verdict=verdict,
        severity=str(texts["severity"]),
        decision=str(texts["decision"]),
        lasted=_seconds(known.get("session_s")),
        recovered=_seconds(known.get("verified_s")),
        written=written,
    )


def _seconds(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if 0 <= value < _LONGEST_S else None


def _began(name: str) -> datetime:
    try:
        return datetime.strptime(name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
