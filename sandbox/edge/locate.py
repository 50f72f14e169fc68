"""Finds the workerd binary that the project's lock file pins."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

_PLATFORMS = {"linux": "linux", "darwin": "darwin"}
_MACHINES = {"x86_64": "64", "amd64": "64", "aarch64": "arm64", "arm64": "arm64"}


def workerd_binary(start: Path = Path(__file__)) -> Path:
    """The binary under the nearest node_modules above ``start``. Raises FileNotFoundError."""
    package = f"workerd-{_PLATFORMS.get(sys.platform, sys.platform)}-{_machine()}"
    inside = Path("node_modules", "@cloudflare", package, "bin", "workerd")
    for directory in start.resolve().parents:
        if (directory / inside).is_file():
            return directory / inside
    raise FileNotFoundError(f"no {inside} above {start}; run `make setup`")


def _machine() -> str:
    machine = platform.machine().lower()
    return _MACHINES.get(machine, machine)
