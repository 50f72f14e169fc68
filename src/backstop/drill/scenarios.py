"""Reading scenario files and the manifests of their faults."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from backstop.model.errors import UsageError
from backstop.model.scenario import Fault, Need, Place, RollbackOutcome, Scenario
from backstop.model.severity import Severity
from backstop.model.target import Target


def load_scenarios(
    directories: Sequence[Path], faults: Sequence[Path], wanted: tuple[str, ...] = ()
) -> tuple[Scenario, ...]:
    """Every scenario of the directories in the order of its files, or those named in ``wanted``.

    A fault may lie beside its scenario, or in one of ``faults``. Raises UsageError for a name that
    does not exist (with the nearest one) or a file that is wrong.
    """
    scenarios = {path.stem: path for folder in directories for path in sorted(folder.glob("*.toml"))}
    for name in wanted:
        if name not in scenarios:
            message = f"there is no scenario {name!r}; there are: {', '.join(scenarios)}"
            raise UsageError(message, remedy=_nearest(name, scenarios))
    return tuple(_scenario(scenarios[name], faults) for name in wanted or scenarios)


def place_of(target: Target) -> Place:
    """Where a drill of a target takes place."""
    return Place.SANDBOX if target.sandbox else Place.STAGING


def runnable(scenarios: Sequence[Scenario], place: Place, wanted: Sequence[str] = ()) -> tuple[Scenario, ...]:
    """Those scenarios that may run at a place. Raises UsageError when one of ``wanted`` may not."""
    for scenario in scenarios:
        if scenario.name in wanted and place not in scenario.places:
            allowed = ", ".join(each.value for each in scenario.places)
            message = f"{scenario.name} may run in: {allowed}; this target is {place.value}"
            raise UsageError(message, remedy="choose another scenario, or a target with sandbox = true")
    return tuple(scenario for scenario in scenarios if place in scenario.places)


@dataclass(frozen=True, slots=True)
class Fitting:
    """The scenarios that a target's bot can show, and for each of the others a sentence why it can't."""

    scenarios: tuple[Scenario, ...]
    left_out: tuple[str, ...]


def fitting(scenarios: Sequence[Scenario], target: Target, wanted: Sequence[str] = ()) -> Fitting:
    """Part the scenarios. Raises UsageError when one of ``wanted`` does not fit, or none at all does."""
    lacks = {scenario.name: why for scenario in scenarios if (why := _lack(scenario, target))}
    fit = tuple(scenario for scenario in scenarios if scenario.name not in lacks)
    refused = [lacks[name] for name in wanted if name in lacks]
    if refused or (scenarios and not fit):
        raise UsageError("; ".join(refused or lacks.values()), remedy="choose another scenario")
    return Fitting(fit, tuple(lacks.values()))


def _lack(scenario: Scenario, target: Target) -> str:
    if Need.HEALTH in scenario.fault.needs and target.health is None:
        return f"{scenario.name} is left out: {target.name} has no health endpoint (health = false)"
    return ""


def load_fault(name: str, directories: Sequence[Path]) -> Fault:
    """Read one fault's manifest. Raises UsageError when there is none, or it is wrong."""
    path = next((found for folder in directories if (found := folder / f"{name}.toml").exists()), None)
    if path is None:
        known = [manifest.stem for folder in directories for manifest in sorted(folder.glob("*.toml"))]
        raise UsageError(f"there is no fault {name!r}", remedy=_nearest(name, known))
    members = _read(path)
    try:
        return Fault(
            name=name,
            changes=members["changes"],
            shim=path.with_suffix(".js"),
            noticed_by=tuple(members["noticed_by"]),
            severity=Severity(members["severity"]),
            needs=frozenset(Need(each) for each in members.get("needs", ())),
        )
    except (KeyError, ValueError) as error:
        raise _wrong(path, error) from error


def _scenario(path: Path, faults: Sequence[Path]) -> Scenario:
    members = _read(path)
    try:
        fault = load_fault(members["fault"], (path.parent / "faults", *faults))
        return Scenario(
            name=path.stem,
            title=members["title"],
            fault=fault,
            notices=tuple(members.get("notices", fault.noticed_by)),
            severity=Severity(members.get("severity", fault.severity.value)),
            places=tuple(Place(place) for place in members.get("places", ["sandbox", "staging"])),
            rollback=RollbackOutcome(members.get("rollback", "done")),
            budget=float(members.get("budget", 120)),
        )
    except (KeyError, ValueError) as error:
        raise _wrong(path, error) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}") from error


def _wrong(path: Path, error: KeyError | ValueError) -> UsageError:
    missing = isinstance(error, KeyError)
    return UsageError(f"{path}: {f'{error.args[0]!r} is missing' if missing else error}")


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"did you mean {close[0]!r}?" if close else ""
