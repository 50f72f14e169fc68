"""The targets file: all targets, or all that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backstop.environment import Environment
from backstop.model.errors import UsageError
from backstop.model.keeping import Keeping
from backstop.model.target import Target
from backstop.settings.faults import FaultList, SettingsError, listed, nearest
from backstop.settings.keeping import read_keeping
from backstop.settings.lines import LineIndex
from backstop.settings.pre_deploy import refuse_wrong_destinations
from backstop.settings.table import Table
from backstop.settings.target import Entry, read_target
from backstop.settings.textfile import parse_toml, read_text

STATE = ".backstop"  # beside the targets file, unless [state] names another directory
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_USUAL = Keeping()


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets of one file, by name. ``state`` is the directory of what a team shares.

    ``templates`` is the folder of the team's own messages, None where it has none; it need not be there.
    ``keeping`` is how long reports are kept.
    """

    path: Path
    entries: Mapping[str, Entry]
    state: Path
    templates: Path | None = None
    keeping: Keeping = _USUAL

    @property
    def names(self) -> tuple[str, ...]:
        """In the order of the file."""
        return tuple(self.entries)

    def get(self, name: str) -> Target:
        """One target.

        Raises UsageError when there is none of this name, SettingsError when the environment lacks
        what this target can't do without.
        """
        entry = self.entries.get(name)
        if entry is None:
            message = f'no target "{name}" in {self.path}{nearest(name, self.names)}'
            raise UsageError(message, remedy=f"it has: {listed(self.names)}")
        if entry.missing:
            raise SettingsError(entry.missing)
        return entry.target


def load_targets(path: Path, env: Environment) -> Targets:
    """Read a targets file; its relative paths start at its directory.

    Raises SettingsError with everything that is wrong in it, also with targets that are not asked for.
    What the environment lacks is a fault of the one target that needs it, raised when that is got.
    """
    text = read_text(path, remedy="write one, or name another with --targets-file PATH")
    faults = FaultList(path, LineIndex(text))
    root = Table(parse_toml(path, text), (), faults)
    state = _state(root, path.resolve().parent)
    templates = _templates(root, path.resolve().parent)
    keeping = read_keeping(root)
    entries = _read_all(root, path.resolve().parent, env, faults)
    if faults.found:
        raise SettingsError(sorted(faults.found, key=lambda fault: fault.line or 0))
    return Targets(path, entries, state, templates, keeping)


def _state(root: Table, base: Path) -> Path:
    """``[state] directory``: where what is to be known on the next machine lies."""
    table = root.table("state", 'a table with a directory: [state], directory = "PATH"')
    if table is None:
        return base / STATE
    directory = table.path("directory", base)
    if "directory" not in table:
        table.fault("directory", "missing; wanted a path, relative to this file")
    table.finish()
    return directory or base / STATE


def _templates(root: Table, base: Path) -> Path | None:
    """``[notify] templates``: where the words are that people are told."""
    table = root.table("notify", 'a table: [notify], templates = "FOLDER"')
    if table is None:
        return None
    folder = table.path("templates", base)
    table.finish()
    return folder


def _read_all(root: Table, base: Path, env: Environment, faults: FaultList) -> dict[str, Entry]:
    targets = root.table("targets", "tables, each headed [targets.NAME]")
    root.finish()
    entries: dict[str, Entry] = {}
    for name, _ in targets.items() if targets else ():
        each = targets.table(name) if targets else None
        if not _NAME.fullmatch(name):
            faults.add(("targets", name), "no name for a target; wanted letters, digits, - and _")
        elif each is not None:
            entries[name] = read_target(name, each, base, env)
    refuse_wrong_destinations({name: entry.target for name, entry in entries.items()}, faults)
    if not entries and not faults.found:
        faults.add((), "no targets; wanted at least one table headed [targets.NAME]")
    return entries
