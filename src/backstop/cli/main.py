"""``backstop``: a thin face over the library for what is not a pytest run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from backstop import __version__
from backstop.environment import read_environment
from backstop.model.errors import BackstopError
from backstop.model.verdict import Ending
from backstop.outlets import redacted_output

# In the order of the help. Each is a module beside this one, loaded when it is typed: together they take ten
# times as long to load as the one that somebody is in a hurry for.
_COMMANDS = ("rollback", "run", "init", "accept", "sandbox", "report", "score", "setup", "heartbeat", "tell")
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
    words = sys.argv[1:] if argv is None else argv
    try:
        arguments = _parser(words).parse_args(words)
    except SystemExit as ended:  # argparse ends wrong usage with 2, which is another ending of ours
        return int(Ending.USAGE if ended.code else Ending.VERIFIED)
    try:
        return int(arguments.run(arguments))
    except BackstopError as error:
        print(f"backstop: {error}", file=sys.stderr)
        return int(error.ending)
    except KeyboardInterrupt:
        return int(Ending.INTERRUPTED)


def _parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser of the command that is typed; of all where none is, as for the help."""
    parser = argparse.ArgumentParser(
        prog="backstop",
        description="Validate a Discord bot on Cloudflare Workers, roll it back, prove that it is well.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"backstop {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in words[:1] if words and words[0] in _COMMANDS else _COMMANDS:
        import_module(f"backstop.cli.{name}").add_to(commands)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
