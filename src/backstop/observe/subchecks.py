"""The parts that a health answer lists: what each of them says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_WELL = frozenset(
    {
        *("ok", "okay", "pass", "passed", "passing", "healthy", "up", "good", "green", "success", "true"),
        *(
            "connected",
            "available",
            "ready",
            "operational",
            "present",
            "configured",
            "set",
            "valid",
            "online",
        ),
        *("enabled", "alive", "running", "normal", "skipped", "n/a"),
        *("active", "reachable", "responding", "nominal", "fine", "200 ok"),
    }
)
_UNWELL = frozenset(
    {
        *(
            "fail",
            "failed",
            "failing",
            "failure",
            "error",
            "unhealthy",
            "down",
            "bad",
            "red",
            "false",
            "critical",
        ),
        *(
            "disconnected",
            "unavailable",
            "not ready",
            "missing",
            "malformed",
            "invalid",
            "offline",
            "unknown",
        ),
        *(
            "not set",
            "not configured",
            "timeout",
            "timed out",
            "dead",
            "stopped",
            "degraded",
            "warn",
            "warning",
        ),
    }
)
_MEASURED = re.compile(r"\s*[(:,-]?\s*\d{1,6}(?:\.\d{1,6})?\s?(?:ms|s)\)?$")  # how long it took: “ok (3 ms)”
_SAYS = ("status", "state", "ok", "healthy", "result", "outcome")
_LISTED = "checks"
_OTHERS = ("services", "dependencies", "components", "subsystems")  # which may hold other things as well
_NAMES = ("name", "id", "component", "service")
_ERRORS = range(400, 600)  # of HTTP, as a status
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class SubChecks:
    """What is not well, and what nobody but its author can tell; each as ``name: value``."""

    unwell: tuple[str, ...]
    unclear: tuple[str, ...]


def read_parts(health: Mapping[str, object]) -> SubChecks | None:
    """Read what a health answer lists, under any of the usual names; None where it lists nothing.

    Only of ``checks`` each member must say that it is well: elsewhere an unknown word may be no verdict.
    """
    groups = {name: members for name in (_LISTED, *_OTHERS) if (members := _members(health.get(name)))}
    read = {name: read_subchecks(members) for name, members in groups.items()}
    if not read:
        return None
    unwell = tuple(part for each in read.values() for part in each.unwell)
    return SubChecks(unwell, read[_LISTED].unclear if _LISTED in read else ())


def _members(group: object) -> Mapping[str, object]:
    """The parts by name; those of a list by what each calls itself."""
    if isinstance(group, dict):
        return group
    parts = [each for each in group if isinstance(each, dict)] if isinstance(group, list) else []
    members: dict[str, object] = {}
    for at, part in enumerate(parts, 1):
        name = next((str(part[name]) for name in _NAMES if name in part), "")
        if name in members:  # one of these hides no other
            name = f"{name}, number {at}"
        members[name or f"number {at}"] = part
    return members


def read_subchecks(checks: Mapping[str, object]) -> SubChecks:
    """Read every member. A number is a measure and says nothing."""
    said = {name: (value, _judged(value)) for name, value in checks.items()}
    return SubChecks(
        tuple(f"{name}: {value}" for name, (value, well) in said.items() if well is False),
        tuple(f"{name}: {value}" for name, (value, well) in said.items() if well is None),
    )


def _judged(value: object, depth: int = 0) -> bool | None:
    """Whether a value says that all is well; None where it can't be told."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return True
    if isinstance(value, str):
        word = _MEASURED.sub("", value.strip().lower()).rstrip("!.")
        return True if word in _WELL else False if word in _UNWELL else None
    if isinstance(value, dict):
        said = [value[name] for name in _SAYS if name in value]
        return _first(said, depth) if said else _worst(_words(value), depth)
    return _worst(value, depth) if isinstance(value, list) else None


def _first(said: Sequence[object], depth: int) -> bool | None:
    """What the first says that can be understood; a number where no word is, or as an error of HTTP's."""
    if any(type(each) is int and each in _ERRORS for each in said):
        return False
    words = [each for each in said if isinstance(each, bool) or not isinstance(each, int | float)] or said
    judged = (_judged(each, depth + 1) for each in words) if depth < _DEEPEST else iter(())
    return next((each for each in judged if each is not None), None)


def _words(parts: Mapping[str, object]) -> list[object]:
    """Members that can tell of a part within a part: a number is a measure, a truth may be of anything."""
    return [value for value in parts.values() if isinstance(value, str | dict | list)]


def _worst(values: Sequence[object], depth: int) -> bool | None:
    """What several say together: one that is unwell is enough, and so is one that is well when none is."""
    said = {_judged(value, depth + 1) for value in values} if depth < _DEEPEST else set()
    return False if False in said else True if True in said else None
