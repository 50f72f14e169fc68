"""``backstop heartbeat``: reports the end of a scheduled session to whoever waits for it."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from backstop.environment import read_environment
from backstop.heartbeat import send
from backstop.model.verdict import Ending

_PREFIX = "BACKSTOP_HEARTBEAT_"
_JOB = re.compile(r"[a-z][a-z0-9_]{0,40}")
_ENDED = re.compile(r"[A-Za-z0-9]{0,12}")


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser(
        "heartbeat",
        help="report the end of a scheduled session, so that its silence raises an alarm",
        description=f"Posts the exit code to the address in {_PREFIX}JOB, from the environment or .env. "
        "{code} in that address is replaced by it. Says so, and sends nothing, where that is not set.",
    )
    parser.add_argument("job", type=_job, help="drill, ready, …")
    parser.add_argument(
        "ended", type=_end, nargs="?", default="", metavar="CODE", help="its exit code, or the signal's name"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> Ending:
    name = f"{_PREFIX}{arguments.job.upper()}"
    address = read_environment(Path(".env")).get(name)
    if address is None:
        print(f"no heartbeat: {name} is not set, so nobody notices when this schedule stops")
        return Ending.VERIFIED
    send(address, arguments.job, arguments.ended)
    return Ending.VERIFIED


def _job(text: str) -> str:
    if not _JOB.fullmatch(text):
        message = f"found {text!r}, wanted the name of a job such as drill"
        raise argparse.ArgumentTypeError(message)
    return text


def _end(text: str) -> str:
    if not _ENDED.fullmatch(text):
        message = f"found {text!r}, wanted an exit code or the name of a signal"
        raise argparse.ArgumentTypeError(message)
    return text
