"""``backstop run``: a session with our configuration, typed anywhere. What follows are pytest's arguments."""

from __future__ import annotations

import argparse
from typing import NoReturn

from backstop.environment import read_environment
from backstop.launch import become_session
from backstop.root import project_root

_NO_OPTIONS = "\N{NULL}"  # begins no word: whatever is typed is for pytest, --help too


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser(
        "run",
        help="run a session in this folder: backstop run -m drill --target NAME (all arguments are pytest's)",
        prefix_chars=_NO_OPTIONS,
        add_help=False,
    )
    parser.add_argument("arguments", nargs="*")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> NoReturn:
    become_session(project_root(), arguments.arguments, read_environment().variables)
