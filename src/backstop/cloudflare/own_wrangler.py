"""The wrangler that a bot's own project depends on, in place of the one that we bring."""

from __future__ import annotations

import json
import re
from pathlib import Path

from backstop.cloudflare.toolchain import NotInstalled, Toolchain, node

# --secrets-file of deploy and of versions upload came last of what we use. Before it came --message and --tag
# of deploy (4.66), failures in the output file (4.44) and --env-file (4.27).
OLDEST = (4, 74, 0)
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_OR_OURS = "or leave `wrangler` of this target out, to use ours"


def own_toolchain(project: Path) -> Toolchain:
    """The wrangler that Node would find from a project's directory: there, or above it, as in a monorepo.

    Raises NotInstalled when there is none, or when it is too old for what we ask of it.
    """
    package = _package(project)
    found = _version(package)
    version = _VERSION.match(found)
    if version is None or tuple(map(int, version.groups())) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        message = f"wrangler of the project is too old: found {found} in {package}, wanted {oldest} or newer"
        raise NotInstalled(message, remedy=f"update it there (npm install --save-dev wrangler@4), {_OR_OURS}")
    return Toolchain(node(), package / "bin" / "wrangler.js")


def _package(project: Path) -> Path:
    for directory in (project, *project.parents):
        package = directory / "node_modules" / "wrangler"
        if (package / "bin" / "wrangler.js").is_file():
            return package
    message = f"the project has no wrangler: there is no node_modules/wrangler in {project} or above it"
    raise NotInstalled(message, remedy=f"install what the bot depends on there (npm ci), {_OR_OURS}")


def _version(package: Path) -> str:
    try:
        members = json.loads((package / "package.json").read_text(encoding="utf-8"))
        return str(members["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return "no version"
