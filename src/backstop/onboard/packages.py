"""Which npm packages a bot lists, and how they are installed: by whose lock file is there."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backstop.onboard.reading import beginning

_INSTALLERS = (
    ("pnpm-lock.yaml", "pnpm install"),
    ("yarn.lock", "yarn install"),
    ("bun.lock", "bun install"),
    ("bun.lockb", "bun install"),
    ("package-lock.json", "npm ci"),
)
_MANIFEST = "package.json"


@dataclass(frozen=True, slots=True)
class Packages:
    """``home`` has the package.json, ``listed`` are its packages, ``install`` is what is to be typed."""

    home: Path
    listed: frozenset[str]
    install: str

    @property
    def installed(self) -> bool:
        """Whether anything is installed there."""
        return (self.home / "node_modules").is_dir()


def packages_of(directory: Path) -> Packages:
    """What is known of the packages of the project in a directory, which may be one of a workspace."""
    within = _within_repository(directory)
    home = next((folder for folder in within if (folder / _MANIFEST).is_file()), directory)
    manifest = _manifest(home)
    groups = (manifest.get(key) for key in ("dependencies", "devDependencies"))
    listed = frozenset(name for group in groups if isinstance(group, dict) for name in group)
    places = [folder for folder in within if folder == home or _is_workspace(folder)]
    for folder in places:
        for lock, command in _INSTALLERS:
            if (folder / lock).is_file():
                return Packages(home, listed, f"cd {shlex.quote(str(folder))} && {command}")
    return Packages(home, listed, f"cd {shlex.quote(str(home))} && npm install")


def _within_repository(directory: Path) -> tuple[Path, ...]:
    """The directory and those above it, as far as its git repository reaches."""
    above = (directory, *directory.parents)
    root = next((n for n, folder in enumerate(above) if (folder / ".git").exists()), len(above))
    return above[: root + 1]


def _is_workspace(folder: Path) -> bool:
    return "workspaces" in _manifest(folder) or (folder / "pnpm-workspace.yaml").is_file()


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(beginning(folder / _MANIFEST))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
