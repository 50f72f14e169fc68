"""Whether Node, wrangler and the bot's own build work here: what a rollback or a drill runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from backstop.cloudflare.own_wrangler import OLDEST
from backstop.cloudflare.toolchain import NotInstalled, Toolchain, find_toolchain
from backstop.environment import read_environment
from backstop.model.errors import CouldNotLook, UsageError
from backstop.observe.readiness.finding import Lacking, Proof
from backstop.place import Place
from backstop.process import run
from backstop.root import project_root, set_up
from backstop.settings.wrangler_project import read_project

OLDEST_NODE = (22, 12)  # that this wrangler starts with
_LIMIT_S = 30.0
_NUMBERS = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_REMEDY = f"{set_up()}; until then a rollback goes with --via api"


def node() -> Proof:
    """That Node starts and is new enough. Raises Lacking."""
    found = _version(_tools(), "--version", wrangler=False)
    if found[:2] < OLDEST_NODE:
        raise Lacking(f"found Node {_shown(found)}, wanted {_shown(OLDEST_NODE)} or newer", _REMEDY)
    return Proof(f"Node {_shown(found)} runs")


def wrangler() -> Proof:
    """That wrangler starts and is the one that this was tested with. Raises Lacking."""
    found, wanted = _shown(_version(_tools(), "--version", wrangler=True)), _pinned(project_root())
    if found != wanted:
        raise Lacking(f"found wrangler {found}, wanted {wanted}, which this was tested with", _REMEDY)
    return Proof(f"wrangler {found} runs")


def own_wrangler(place: Place) -> Proof:
    """That the project's own wrangler, which its target asks for, starts. Raises Lacking."""
    if place.wrangler is None:
        message = f"the project's own wrangler is not there, or older than {_shown(OLDEST)}"
        raise Lacking(message, "install the bot's packages (npm ci), or leave `wrangler` of this target out")
    found = _shown(_version(place.wrangler.tools, "--version", wrangler=True))
    return Proof(f"the project's own wrangler {found} runs")


def project(place: Place) -> Proof:
    """That the bot builds here; nothing is uploaded. Raises Lacking, CouldNotLook without wrangler."""
    if place.wrangler is None:
        message = f"whether the project builds could not be tried: {place.unreadable.message}"
        raise CouldNotLook(message, remedy=place.unreadable.remedy or _REMEDY)
    target = place.target
    try:
        if target.project is not None:
            read_project(target.project, target.wrangler_env)  # a rollback goes on without, a build does not
        with TemporaryDirectory(prefix="backstop-") as built:
            place.wrangler.bundle(Path(built))
    except UsageError as error:
        raise Lacking(error.message, error.remedy) from error
    return Proof("it builds; nothing was uploaded")


def _tools() -> Toolchain:
    try:
        return find_toolchain()
    except NotInstalled as error:
        raise Lacking(error.message, _REMEDY) from error


def _version(tools: Toolchain, *words: str, wrangler: bool) -> tuple[int, ...]:
    argv = [str(tools.node), *([str(tools.wrangler)] if wrangler else []), *words]
    quiet = {"WRANGLER_HIDE_BANNER": "true", "WRANGLER_SEND_METRICS": "false", "WRANGLER_WRITE_LOGS": "false"}
    ended = run(argv, env={**read_environment().handed_down(), **quiet, "CI": "true"}, limit=_LIMIT_S)
    found = _NUMBERS.search(ended.stdout) if ended.returncode == 0 else None
    if found is None:
        raise Lacking(f"{' '.join(argv[-2:])} ended with {ended.returncode}: {ended.stderr[:300]}", _REMEDY)
    return tuple(int(number) for number in found.groups())


def _pinned(root: Path) -> str:
    described = json.loads((root / "package.json").read_text(encoding="utf-8"))
    return str(described["devDependencies"]["wrangler"])


def _shown(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
