"""``backstop``: a thin face over the library for what is not a pytest run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from backstop import __version__
from backstop.cli import accept, heartbeat, init, report, rollback, run, sandbox, score, setup, tell
from backstop.environment import read_environment
from backstop.model.errors import BackstopError
from backstop.model.verdict import Ending
from backstop.outlets import redacted_output

_EPILOG = """\
To begin with a bot of your own:

  backstop init ../my-bot

In a hurry:

  backstop rollback prod "Health check failure"

Everything that checks a bot is a pytest session:

  pytest                                look at the local bot, change nothing
  pytest -m pre_rollback --target prod  is it ours, how bad, and what is to be done?
  pytest -m drill                       break it, roll it back, prove that it is well again
  pytest -m post_rollback --target prod is prod well again after a rollback?
  pytest --help                         all options, under "backstop"

From a bot's own repository, where no checkout of backstop is:

  backstop run -m drill --target NAME   what follows run are pytest's arguments
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command; its exit code, one of the table in the README. No secret is printed."""
    with redacted_output():
        read_environment().know_credentials()
        return _run(argv)


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as ended:  # argparse ends wrong usage with 2, which is another ending of ours
        return int(Ending.USAGE if ended.code else Ending.VERIFIED)
    try:
        return int(arguments.run(arguments))
    except BackstopError as error:
        print(f"backstop: {error}", file=sys.stderr)
        return int(error.ending)
    except KeyboardInterrupt:
        return int(Ending.INTERRUPTED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="backstop",
        description="Validate a Discord bot on Cloudflare Workers, roll it back, prove that it is well.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"backstop {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    rollback.add_to(commands)
    run.add_to(commands)
    init.add_to(commands)
    accept.add_to(commands)
    sandbox.add_to(commands)
    report.add_to(commands)
    score.add_to(commands)
    setup.add_to(commands)
    heartbeat.add_to(commands)
    tell.add_to(commands)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
