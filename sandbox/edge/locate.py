"""Finds the workerd binary that the project's lock file pins."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

_PLATFORMS = {"linux": "linux", "darwin": "darwin"}
_MACHINES = {"x86_64": "64", "amd64": "64", "aarch64": "arm64", "arm64": "arm64"}


def workerd_binary(tools: Path | None = None) -> Path:
    """The binary in the node_modules of ``tools``, else in the nearest above us. Raises FileNotFoundError."""
    package = f"workerd-{_PLATFORMS.get(sys.platform, sys.platform)}-{_machine()}"
    inside = Path("node_modules", "@cloudflare", package, "bin", "workerd")
    for directory in [tools] if tools else Path(__file__).resolve().parents:
        if (directory / inside).is_file():
            return directory / inside
    raise FileNotFoundError(f"no {inside} in {tools or 'any folder above the sandbox'}; run the set-up again")


def _machine() -> str:
    machine = platform.machine().lower()
    return _MACHINES.get(machine, machine)
