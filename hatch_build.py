"""What the wheel holds besides directories: the files of this root, at the root of the bundle.

A hook, because ``force-include`` would copy them into an editable install too, where they go stale.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLE = "backstop/_bundle"
FILES = (".npmrc", "conftest.py", "package-lock.json", "package.json", "pyproject.toml")


class Bundle(BuildHookInterface[Any]):
    """Makes the bundle look like a checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files to what is built."""
        if version == "standard":
            build_data["force_include"].update({name: f"{BUNDLE}/{name}" for name in FILES})
