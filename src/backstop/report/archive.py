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
    """The folder of a session; ``ended`` is None where no verdict of it is known, and ``why`` says why."""

    name: str
    began: datetime
    ended: Ended | None
    why: str = ""


def sessions_left(reports: Path) -> tuple[Left, ...]:
    """All sessions among the reports, the newest first: the newest 4000, and 128 MiB of verdicts of them."""
    names = sorted(_names(reports), reverse=True)[:_MOST_FOLDERS]
    read, left = 0, []
    for name, began in names:
        path = reports / name / VERDICT
        size = _size(path)
        read += size
        if size > _LARGEST or read > _MOST_BYTES:
            left.append(Left(name, began, None, "not read: it is large, or newer ones are"))
        else:
            left.append(_left(name, began, path, size))
    return tuple(left)


def _left(name: str, began: datetime, path: Path, size: int) -> Left:
    if not size and not path.exists():
        return Left(name, began, None, "still running, or cut short")
    ended = _ended(name, began, path) if size else None
    return Left(name, began, ended, "" if ended else "its verdict can't be read, or is not its own")


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


def _names(reports: Path) -> Iterator[tuple[str, datetime]]:
    """Each with when it began; a name whose time there is not is none of ours."""
    if reports.is_dir():
        for path in reports.iterdir():
            began = _began(path.name) if _NAME.fullmatch(path.name) else None
            if began and path.is_dir() and not path.is_symlink():
                yield path.name, began


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() and not path.is_symlink() else 0
    except OSError:
        return 0


def _ended(name: str, began: datetime, path: Path) -> Ended | None:
    try:
        found = parse_json(path.read_bytes())
        written = max(_written(path), _written(path.with_name(JOURNAL)))
    except (OSError, OverflowError, ValueError):
        return None
    return _read(name, began, found, written) if isinstance(found, dict) else None


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime if path.exists() else 0, UTC)


def _read(name: str, began: datetime, found: Mapping[str, Any], written: datetime) -> Ended | None:
    """None unless the verdict is of a session that leaves a folder of this name."""
    texts = {key: found.get(key) for key in ("run", "session", "target", "severity", "decision", "verdict")}
    verdict = next((each for each in Verdict if each.value == texts["verdict"]), None)
    if verdict is None or not all(isinstance(text, str) for text in texts.values()):
        return None
    stem = run_name(began, str(texts["session"]), str(texts["target"]))
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


def _began(name: str) -> datetime | None:
    try:
        return datetime.strptime(name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
