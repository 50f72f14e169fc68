"""Which wrangler config is meant: the one that is named, or the only one that there is below it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from backstop.model.errors import UsageError
from backstop.settings.faults import listed
from backstop.settings.wrangler_project import CONFIGS

_DEEPEST = 4
_MOST_FOLDERS = 5000
_MOST_SHOWN = 12
_NEVER = frozenset({"node_modules", "dist", "build", "coverage", "vendor", "__pycache__"})


def locate(path: Path) -> Path:
    """The config that ``path`` (a config, its directory, or a monorepo with one bot) leads to.

    Raises UsageError where there is none, or several, with what to type for each.
    """
    if path.is_file():
        return path
    if not path.is_dir():
        message = f"{path}: there is no such directory; wanted a wrangler project"
        raise UsageError(message, remedy="backstop init PATH, with the path of your bot")
    return _config_in(path) or _only_one(path, tuple(_below(path)))


def _config_in(folder: Path) -> Path | None:
    return next((folder / name for name in CONFIGS if (folder / name).is_file()), None)


def _only_one(path: Path, found: tuple[Path, ...]) -> Path:
    if len(found) == 1:
        return found[0]
    if not found:
        message = f"{path} holds no wrangler config, nor does a folder below; wanted one of {listed(CONFIGS)}"
        raise UsageError(message, remedy="name the directory of your bot: backstop init PATH")
    shown = "\n".join(f"    backstop init {config.parent}" for config in found[:_MOST_SHOWN])
    more = f"\n    and {len(found) - _MOST_SHOWN} more" if len(found) > _MOST_SHOWN else ""
    raise UsageError(f"{path} holds {len(found)} wrangler projects", remedy=f"name one:\n{shown}{more}")


def _below(path: Path) -> Iterator[Path]:
    """The configs in folders below, one a folder; what others installed or built is left out."""
    for folder, names, _ in islice(os.walk(path), _MOST_FOLDERS):
        depth = len(Path(folder).relative_to(path).parts)
        names[:] = sorted(_worth_a_look(names)) if depth < _DEEPEST else []
        if depth and (config := _config_in(Path(folder))):
            yield config


def _worth_a_look(names: list[str]) -> Iterator[str]:
    return (name for name in names if name not in _NEVER and not name.startswith("."))
