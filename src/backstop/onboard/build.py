"""A bot's code as wrangler bundles it: what it reads and which paths it mentions stand in there."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from backstop.cloudflare.toolchain import find_toolchain
from backstop.cloudflare.wrangler import Account, Wrangler
from backstop.model.errors import BuildFailed
from backstop.model.target import Secret
from backstop.onboard.packages import packages_of
from backstop.settings.wrangler_project import WranglerProject

_LIMIT_S = 60.0
_MOST_BYTES = 8 * 1024 * 1024
_UNRESOLVED = re.compile(r'Could not resolve "(?P<name>[^"./][^"]*)"')
_CUSTOM_BUILD = re.compile(r"Running custom build .* failed")
_NOWHERE = Account("", Secret("no token", "none"), "http://127.0.0.1:9")  # a dry run asks nobody


def bundle(project: WranglerProject) -> str:
    """The bundle's text. Raises BuildFailed, with what to install where that is why, and UsageError."""
    wrangler = Wrangler(find_toolchain(), project, _NOWHERE, project.name, limit=_LIMIT_S)
    with tempfile.TemporaryDirectory(prefix="backstop-") as made:
        try:
            wrangler.bundle(Path(made))
        except BuildFailed as error:
            raise _explained(error, project.directory) from error
        return "\n".join(_modules(Path(made)))


def _modules(folder: Path) -> Iterator[str]:
    left = _MOST_BYTES
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".js", ".mjs", ".cjs"} and left > 0:
            with path.open("rb") as file:
                text = file.read(left)
            left -= len(text)
            yield text.decode(errors="replace")


def _explained(error: BuildFailed, directory: Path) -> BuildFailed:
    """Say what to install, where the build fails for want of a package."""
    found = packages_of(directory)
    missing = _UNRESOLVED.search(error.message)
    if missing and (package := _package_of(missing["name"])) not in found.listed:
        remedy = f"package.json does not list {package}: add it in {found.home}"
        return BuildFailed(error.message, remedy=remedy)
    if missing or (_CUSTOM_BUILD.search(error.message) and found.listed and not found.installed):
        return BuildFailed(error.message, remedy=f"install the bot's packages first: {found.install}")
    return error


def _package_of(name: str) -> str:
    parts = name.split("/")
    return "/".join(parts[:2]) if name.startswith("@") else parts[0]
