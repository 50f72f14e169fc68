"""``backstop setup``: puts wrangler where an installed backstop finds it. Node comes with the package."""

from __future__ import annotations

import argparse
import signal

from backstop.cloudflare.install import Installation
from backstop.cloudflare.toolchain import npm, tools_directory
from backstop.environment import read_environment
from backstop.model.errors import UsageError
from backstop.model.verdict import Ending
from backstop.root import is_installed, project_root


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser(
        "setup",
        help="install wrangler and workerd for this user, once for each release",
        description="Installs wrangler and workerd from the lock file of this release into a folder of the "
        "user's cache ($XDG_CACHE_HOME, else ~/.cache). A second run does nothing and needs no network.",
    )
    parser.add_argument(
        "--where", action="store_true", help="print that folder, for a cache; do nothing else"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> Ending:
    root = project_root()
    if not is_installed():
        message = f"this is a checkout, {root}: its own set-up has wrangler beside the sources"
        raise UsageError(message, remedy="run make setup there")
    if arguments.where:
        print(tools_directory())
        return Ending.VERIFIED
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does: nothing is left of it
    variables = read_environment().variables  # all of them: npm's registry and proxy may be among them
    Installation(root, tools_directory(), npm([]), variables).make(_say)
    return Ending.VERIFIED


def _say(text: str) -> None:
    print(f"backstop setup: {text}", flush=True)
