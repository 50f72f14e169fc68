"""Targets files for tests of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from backstop.environment import Environment
from backstop.model.target import Target
from backstop.settings.faults import SettingsError
from backstop.settings.targets import load_targets


def written(directory: Path, text: str) -> Path:
    """A targets file with this text."""
    path = directory / "targets.toml"
    path.write_text(text, encoding="utf-8")
    return path


def bot_in(directory: Path) -> Path:
    """A wrangler project named bot, with an environment named staging."""
    project = directory / "bot"
    project.mkdir(exist_ok=True)
    (project / "index.js").write_text("")
    (project / "wrangler.toml").write_text('name = "bot"\nmain = "index.js"\n[env.staging]\n')
    return project


def loaded(directory: Path, text: str, env: Mapping[str, str] | None = None, name: str = "t") -> Target:
    """One target of a file with this text."""
    return load_targets(written(directory, text), Environment(env or {})).get(name)


def complaints(directory: Path, text: str, env: Mapping[str, str] | None = None) -> list[str]:
    """What is said about a faulty file, without the name of its directory."""
    with pytest.raises(SettingsError) as caught:
        load_targets(written(directory, text), Environment(env or {}))
    return [str(fault).replace(f"{directory}/", "") for fault in caught.value.faults]
