"""Which scenarios there are, which may run where, and which a bot can show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path

from backstop.drill.scenario_file import files_in, manifests, read_fault, read_scenario
from backstop.model.errors import UsageError
from backstop.model.scenario import Fault, Need, Place, Scenario
from backstop.model.target import Target
from backstop.policy.adjudicate import acceptance
from backstop.settings.faults import Fault as SettingsFault
from backstop.settings.faults import SettingsError, nearest

_OF_YOUR_OWN = "one of your own is found with --scenarios FOLDER"


def load_scenarios(
    directories: Sequence[Path], faults: Sequence[Path], wanted: tuple[str, ...] = ()
) -> tuple[Scenario, ...]:
    """Every scenario of the directories in the order of its files, or those named in ``wanted``.

    A fault may lie in ``faults`` beneath one of the directories, or in one of ``faults``. Raises UsageError
    for a folder that does not exist or has none, for two of a name, for a name that there is not (with the
    nearest one), or with all that is wrong with the files.
    """
    for folder in directories:
        _refuse_a_folder_without_any(folder)
    paths = _by_name("scenario", directories)
    for name in wanted:
        if name not in paths:
            message = f"there is no scenario {name!r}; there are: {', '.join(paths)}"
            raise UsageError(message, remedy=_nearest(name, paths) or _OF_YOUR_OWN)
    beneath = [folder / "faults" for folder in directories]
    _by_name("fault", (*beneath, *faults))
    return _read_all([paths[name] for name in dict.fromkeys(wanted) or paths], (*beneath, *faults))


def _refuse_a_folder_without_any(folder: Path) -> None:
    remedy = "give its path from where you type"
    if not folder.is_dir():
        raise UsageError(f"there is no folder of scenarios {folder}", remedy=remedy)
    if not files_in(folder):
        raise UsageError(f"there is no scenario in {folder}, wanted files NAME.toml", remedy=remedy)


def _by_name(what: str, folders: Sequence[Path]) -> dict[str, Path]:
    """The files of all folders. Raises UsageError where two have a name: one would be taken for the other."""
    found: dict[str, Path] = {}
    for folder in dict.fromkeys(folder.resolve() for folder in folders):
        for path in files_in(folder):
            if path.stem in found:
                message = f"there are two {what}s named {path.stem}: {found[path.stem]} and {path}"
                raise UsageError(message, remedy=f"give {path} another name")
            found[path.stem] = path
    return found


def _read_all(paths: Sequence[Path], faults: Sequence[Path]) -> tuple[Scenario, ...]:
    found, wrong = list[Scenario](), list[SettingsFault]()
    for path in paths:
        try:
            found.append(read_scenario(path, (path.parent / "faults", *faults)))
        except SettingsError as error:
            wrong += error.faults
    if wrong:
        raise SettingsError(dict.fromkeys(wrong))
    return tuple(found)


def refuse_unknown_checks(scenarios: Sequence[Scenario], known: Collection[str]) -> None:
    """Raise UsageError when a scenario, or the manifest of its fault, names checks that are not ``known``."""
    named = {
        f'{_who_names(scenario)}: there is no check "{check}"{nearest(check, known)}'
        for scenario in scenarios
        for check in scenario.notices or scenario.able
        if check not in known
    }
    wrong = sorted(named)
    if wrong:
        raise UsageError("\n".join(wrong), remedy="pytest --list-checks names all of them")


def _who_names(scenario: Scenario) -> str:
    """Where its notices are written: what the scenario does not say is taken from the fault."""
    by_fault = scenario.notices in {(), scenario.fault.noticed_by}
    return f"fault {scenario.fault.name}: noticed_by" if by_fault else f"{scenario.name}: notices"


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


def misplaced(scenarios: Sequence[Scenario], place: Place) -> tuple[str, ...]:
    """For each scenario that ``runnable`` leaves out a sentence why."""
    return tuple(
        f"{each.name} is left out: it may run in {' and '.join(p.value for p in each.places)} only"
        for each in scenarios
        if place not in each.places
    )


@dataclass(frozen=True, slots=True)
class Fitting:
    """The scenarios that a target's bot can show, and for each of the others a sentence why it can't."""

    scenarios: tuple[Scenario, ...]
    left_out: tuple[str, ...]


def fitting(
    scenarios: Sequence[Scenario], target: Target, wanted: Sequence[str] = (), today: date | None = None
) -> Fitting:
    """Part the scenarios; ``today`` is in UTC, by which what the target accepts expires.

    Raises UsageError when one of ``wanted`` does not fit, or none at all does.
    """
    day = today or datetime.now(UTC).date()
    lacks = {scenario.name: why for scenario in scenarios if (why := _lack(scenario, target, day))}
    fit = tuple(scenario for scenario in scenarios if scenario.name not in lacks)
    refused = [lacks[name] for name in wanted if name in lacks]
    if refused or (scenarios and not fit):
        raise UsageError("; ".join(refused or lacks.values()), remedy="choose another scenario")
    return Fitting(fit, tuple(lacks.values()))


def _lack(scenario: Scenario, target: Target, today: date) -> str:
    if Need.HEALTH in scenario.fault.needs and target.health is None:
        return f"{scenario.name} is left out: {target.name} has no health endpoint (health = false)"
    if Need.COMMANDS in scenario.fault.needs and not target.commands:
        return f"{scenario.name} is left out: {target.name} declares no commands"
    able = scenario.notices or scenario.able
    if able and all(acceptance(check, target.accept, today) for check in able):
        return f"{scenario.name} is left out: {target.name} accepts every finding that could notice it"
    return ""


def load_fault(name: str, directories: Sequence[Path]) -> Fault:
    """The fault of this name. Raises UsageError, with the nearest name, or with what is wrong with it."""
    known = manifests(directories)
    if name not in known:
        raise UsageError(f"there is no fault {name!r}", remedy=_nearest(name, known))
    return read_fault(known[name])


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"did you mean {close[0]!r}?" if close else ""
