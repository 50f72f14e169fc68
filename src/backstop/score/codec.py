"""A drill record as the text of a file, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from math import inf, isfinite
from typing import Any

from backstop.score.record import DrillRecord, ScenarioRecord

SCHEMA = 1
_CONFLICT = ("<<<<<<< ", ">>>>>>> ")  # what git writes around two versions of a file


class NoRecord(ValueError):
    """Raised for a text that is no drill record of this schema."""


def to_text(record: DrillRecord) -> str:
    """The file's content; ``reports/schema/drill-1.json`` describes it."""
    members = {
        "schema": SCHEMA,
        "run": record.run,
        "target": record.target,
        "worker": record.worker,
        "place": record.place,
        "at": record.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "seconds": record.seconds,
        "clock_moved_s": record.clock_moved_s,
        "verdict": record.verdict,
        "exit_code": record.exit_code,
        "scenarios": {each.name: _scenario_members(each) for each in record.scenarios},
        "tools": dict(record.tools),
    }
    return json.dumps(members, indent=2, ensure_ascii=False) + "\n"


def _scenario_members(scenario: ScenarioRecord) -> dict[str, Any]:
    reached = {} if scenario.seconds is None else {"seconds": scenario.seconds}
    known = {"digest": scenario.digest} if scenario.digest else {}
    return {
        "title": scenario.title,
        "fault": scenario.fault,
        "severity": scenario.severity,
        "verdict": scenario.verdict,
        "noticed": list(scenario.noticed),
        "missed": list(scenario.missed),
        "timings": dict(scenario.timings),
        **reached,
        **known,
    }


def from_text(text: str) -> DrillRecord:
    """Read a file's content. Raises NoRecord with what is wrong with it."""
    if any(line.startswith(_CONFLICT) for line in text.splitlines()):
        raise NoRecord("a merge was not finished in it; take either side whole: git checkout --theirs FILE")
    try:
        return _record(json.loads(text))
    except KeyError as error:
        raise NoRecord(f"it lacks {error.args[0]}") from error
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise NoRecord(str(error)) from error


def _record(members: Mapping[str, Any]) -> DrillRecord:
    if members["schema"] != SCHEMA:
        message = f"its schema is {members['schema']!r}, this backstop reads {SCHEMA}"
        raise NoRecord(message)
    return DrillRecord(
        run=_text(members, "run"),
        target=_text(members, "target"),
        worker=_text(members, "worker"),
        place=_text(members, "place"),
        at=_moment(_text(members, "at")),
        seconds=_number(members, "seconds"),
        clock_moved_s=_number(members, "clock_moved_s", least=-inf),
        verdict=_text(members, "verdict"),
        exit_code=int(_number(members, "exit_code")),
        scenarios=tuple(_scenario(name, each) for name, each in members["scenarios"].items()),
        tools={str(name): str(version) for name, version in members["tools"].items()},
    )


def _scenario(name: str, members: Mapping[str, Any]) -> ScenarioRecord:
    timings = members["timings"]
    return ScenarioRecord(
        name=name,
        title=_text(members, "title"),
        fault=_text(members, "fault"),
        severity=_text(members, "severity"),
        verdict=_text(members, "verdict"),
        noticed=tuple(map(str, members["noticed"])),
        missed=tuple(map(str, members["missed"])),
        timings={step: _number(timings, step) for step in timings},
        seconds=_number(members, "seconds") if "seconds" in members else None,
        digest=_text(members, "digest") if "digest" in members else "",
    )


def _text(members: Mapping[str, Any], name: str) -> str:
    value = members[name]
    if not isinstance(value, str):
        raise NoRecord(f"{name} is no text")
    return value


def _number(members: Mapping[str, Any], name: str, least: float = 0.0) -> float:
    value = members[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise NoRecord(f"{name} is no number")
    if value < least:
        raise NoRecord(f"{name} is {value:g}, wanted {least:g} at least")
    return float(value)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise NoRecord(f"the time {text!r} names no zone")
    return moment.astimezone(UTC)
