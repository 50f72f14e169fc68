"""Reads one scenario file and the manifest of a fault, strictly: all that is wrong is told at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TypeVar

from backstop.model.decision import Decision
from backstop.model.plain_text import plain_text
from backstop.model.scenario import (
    ALL_TRAFFIC,
    BUDGET,
    Fault,
    Need,
    Place,
    Restore,
    RollbackOutcome,
    Scenario,
    Surroundings,
)
from backstop.model.severity import Severity
from backstop.settings.faults import FaultList, SettingsError, listed, nearest
from backstop.settings.lines import LineIndex
from backstop.settings.table import Table, shown
from backstop.settings.textfile import parse_toml, read_text

Word = TypeVar("Word", bound=Enum)

UNCHANGED = "new-version"  # the fault of a scenario in which only the surroundings are wrong
_RESTORES = {
    RollbackOutcome.DONE: Restore.ROLLBACK,
    RollbackOutcome.NOT_MENDED: Restore.DISCORD,
    RollbackOutcome.REFUSED: Restore.DEPLOY,
    RollbackOutcome.CAUGHT_LYING: Restore.DEPLOY,
}
_OF_DISCORD = frozenset({Surroundings.COMMANDS_RENAMED, Surroundings.ENDPOINT_DROPPED})
_NEEDS = {Surroundings.COMMANDS_RENAMED: Need.COMMANDS}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")  # it is typed, and part of messages, tags and ids
_LONGEST_LINE = 200
_LEAST_PERCENT = 1.0  # it takes 299 requests to meet that
_LONGEST_BUDGET = 3600.0  # seconds: more than a month has to spend


def files_in(folder: Path) -> Sequence[Path]:
    """The TOML files of a folder by name, without what editors hide there."""
    return sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))


def manifests(directories: Sequence[Path]) -> Mapping[str, Path]:
    """Where the manifest of each fault lies, by name; the first directory that has it counts."""
    return {path.stem: path for folder in reversed(directories) for path in files_in(folder)}


def read_scenario(path: Path, faults: Sequence[Path]) -> Scenario:
    """The scenario of a file; its fault lies in one of the directories ``faults``.

    Raises SettingsError with everything that is wrong, each with file, line, key and the nearest right word.
    """
    table, problems = _table(path)
    known = manifests(faults)
    surroundings = _word(table, "surroundings", Surroundings)
    fault = _fault(table, "fault", known, default=UNCHANGED if surroundings else "")
    previous = _fault(table, "previous", known)
    rollback = _word(table, "rollback", RollbackOutcome) or RollbackOutcome.DONE
    broken = _Broken(fault, surroundings, previous)
    found = _scenario(path.stem, table, broken, rollback)
    table.finish()
    if problems.found or found is None:
        raise SettingsError(problems.found)
    return found


def read_fault(path: Path) -> Fault:
    """The fault of a manifest. Raises SettingsError with all that is wrong, or as ``read_text`` does."""
    table, problems = _table(path)
    table.texts("bots")  # this one and the next are the proof's
    table.texts("degrades")
    fault = Fault(
        name=path.stem,
        changes=_needed(table, "changes"),
        shim=path.with_suffix(".js"),
        noticed_by=table.texts("noticed_by"),
        severity=_word(table, "severity", Severity) or Severity.NONE,
        needs=frozenset(_words(table, "needs", Need)),
        code=_code(path.with_suffix(".js")),
    )
    for name in ("noticed_by", "severity"):
        if name not in table:
            table.fault(name, "is missing")
    if not fault.shim.exists():
        table.fault("changes", f"there is no shim {fault.shim.name} beside it")
    table.finish()
    if problems.found:
        raise SettingsError(problems.found)
    return fault


def _code(shim: Path) -> str:
    """A digest of a shim, whatever line breaks it was checked out with; empty where there is none."""
    if not shim.exists():
        return ""
    text = read_text(shim, remedy="a shim is a module of some kilobytes")
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Broken:
    """What goes wrong in a scenario; ``fault`` is None where the file names none that can be read."""

    fault: Fault | None
    surroundings: Surroundings | None
    previous: Fault | None


def _scenario(name: str, table: Table, broken: _Broken, rollback: RollbackOutcome) -> Scenario | None:
    """The scenario of what was read, with what is not said taken from the fault; None without a fault."""
    fault, surroundings = broken.fault, broken.surroundings
    title, notices = _needed(table, "title"), table.texts("notices")
    if table.value("notices") == []:
        table.fault("notices", "is empty, wanted ids of checks, or no notices: then the fault's")
    severity, decided = _word(table, "severity", Severity), _word(table, "decision", Decision)
    restore = _word(table, "restore", Restore) or _RESTORES[rollback]
    places = tuple(_words(table, "places", Place))
    budget, percent = table.number("budget") or BUDGET, table.number("percent") or ALL_TRAFFIC
    procedure = _line(table, "procedure")
    if surroundings is not None and fault is not None and surroundings in _NEEDS:
        fault = _needing(fault, _NEEDS[surroundings])
    if fault is None:
        return None
    found = Scenario(
        name=name,
        title=title,
        fault=fault,
        notices=notices or (fault.noticed_by if percent >= ALL_TRAFFIC else ()),
        severity=severity or fault.severity,
        places=places or ((Place.SANDBOX,) if surroundings else tuple(Place)),
        rollback=rollback,
        budget=budget,
        decided=decided,
        restore=restore,
        procedure=procedure,
        percent=percent,
        previous=broken.previous,
        surroundings=surroundings,
    )
    _see_that_it_fits_together(table, found)
    return found


def _see_that_it_fits_together(table: Table, found: Scenario) -> None:
    if not found.notices and not found.split:
        table.fault("notices", f"is missing: {found.fault.name} alone turns no check red")
    if found.percent > ALL_TRAFFIC:
        table.wanted("percent", "at most 100")
    if found.percent < _LEAST_PERCENT:
        table.wanted("percent", f"at least {_LEAST_PERCENT:g}: so rarely would a check meet the fault")
    if found.budget > _LONGEST_BUDGET:
        table.wanted("budget", f"at most {_LONGEST_BUDGET:g} seconds")
    if found.split and found.previous is not None:
        table.fault("previous", "does not go with percent: the good version serves beside the fault")
    if found.surroundings is not None and found.places != (Place.SANDBOX,):
        table.fault("places", f'surroundings can be made in a sandbox only, wanted ["{Place.SANDBOX.value}"]')
    if found.restore is not _RESTORES[found.rollback]:
        wanted = _RESTORES[found.rollback].value
        table.fault("restore", f'after a rollback that is "{found.rollback.value}" wanted "{wanted}"')
    if found.rollback is RollbackOutcome.NOT_MENDED and found.surroundings not in _OF_DISCORD:
        wanted = listed(f'"{each.value}"' for each in Surroundings if each in _OF_DISCORD)
        table.fault("rollback", f'"{RollbackOutcome.NOT_MENDED.value}" goes with surroundings of {wanted}')
    if found.rollback is not RollbackOutcome.NOT_MENDED and found.surroundings in _OF_DISCORD:
        what, wanted = found.surroundings.value, RollbackOutcome.NOT_MENDED.value
        table.fault("rollback", f'no rollback mends "{what}", wanted "{wanted}"')


def _needing(fault: Fault, need: Need) -> Fault:
    return replace(fault, needs=fault.needs | {need})


def _table(path: Path) -> tuple[Table, FaultList]:
    text = read_text(path, remedy="name a file that can be read")
    values = parse_toml(path, text)
    problems = FaultList(path, LineIndex(text))
    if not _NAME.fullmatch(path.stem):
        found = shown(path.stem)
        problems.add((), f"found {found} for a name, wanted at most 60 letters, digits, - and _ before .toml")
    return Table(values, (), problems), problems


def _needed(table: Table, name: str) -> str:
    if name not in table:
        table.fault(name, "is missing")
    return _line(table, name)


def _line(table: Table, name: str) -> str:
    """Words for people. A terminal, or what reads a log, would take others for commands."""
    text = table.text(name)
    if len(text) > _LONGEST_LINE or "\n" in text or plain_text(text) != text:
        table.fault(
            name, f"wanted one line of at most {_LONGEST_LINE} characters, none of them a control character"
        )
    return text


def _fault(table: Table, key: str, known: Mapping[str, Path], default: str = "") -> Fault | None:
    name = table.text(key) or default
    if not name:
        if key == "fault" and key not in table:
            table.fault(key, "is missing; wanted the name of a fault, or surroundings")
        return None
    if name not in known:
        table.fault(key, f'there is no fault "{name}"{nearest(name, known.keys())}')
        return None
    try:
        return read_fault(known[name])
    except SettingsError as error:
        table.faults.found += error.faults
        return None


def _word(table: Table, name: str, kind: type[Word]) -> Word | None:
    words = [str(each.value) for each in kind]
    found = table.choice(name, words, "")
    return kind(found) if found else None


def _words(table: Table, name: str, kind: type[Word]) -> list[Word]:
    words = [str(each.value) for each in kind]
    found = list(dict.fromkeys(table.texts(name)))
    for word in found:
        if word not in words:
            table.fault(name, f'found "{word}", wanted one of {listed(words)}{nearest(word, words)}')
    if name in table and not found and isinstance(table.value(name), list):
        table.fault(name, f"is empty, wanted one of {listed(words)}")
    return [kind(word) for word in found if word in words]
