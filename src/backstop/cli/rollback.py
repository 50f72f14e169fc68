"""``backstop rollback``: what is typed in a hurry. It is the pytest session, and nothing beside it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NoReturn

from backstop.environment import read_environment
from backstop.launch import become_session
from backstop.model.errors import UsageError
from backstop.root import is_installed, project_root

_EPILOG = """\
The same as: pytest -m post_rollback --target TARGET --rollback --reason REASON

exit codes: 0 rolled back and verified · 1 rolled back, and the bot is still wrong · 20 could not look
            21 refused, nothing changed · 22 acted, not confirmed · more in the README
"""
_TARGETS = "targets.toml"
_SET_UP = (
    ("requirements.lock", ".venv/packages.stamp"),
    ("package-lock.json", "node_modules/wrangler.stamp"),
)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser(
        "rollback",
        help="roll a bot back, prove that it is well, and leave a report",
        description="Plans, rolls back with real wrangler, waits until the edge serves the old version, runs "
        "every check, and leaves a report. A protected target is rolled back only when its name is typed, or "
        "with --yes.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("target", help="a target of the targets file")
    parser.add_argument("reason", nargs="?", default="", help="why; it is written on the deployment")
    parser.add_argument("--to", metavar="ID|TAG", help="the version to go to (default: the last good one)")
    parser.add_argument("--undo", metavar="RUN", help="go forward again to what that run rolled back from")
    parser.add_argument(
        "--restore", action="store_true", help="put back what a drill or a --rehearse left in place"
    )
    parser.add_argument("--plan", action="store_true", help="print what would be done, and do nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--no-notify", action="store_true", help="tell nobody of it")
    parser.add_argument("--via", choices=["wrangler", "api"], help="api where Node or wrangler is broken")
    parser.add_argument("--accept", choices=["secrets"], help="go back over changed secrets")
    parser.add_argument("--expect-live", metavar="ID", help="only if this version serves now")
    parser.add_argument("--confirm-within", metavar="SECONDS", help="for the edge to follow (default: 60)")
    parser.add_argument("--fault", metavar="NAME", help="practice: a sandbox target under this fault")
    parser.add_argument("--targets-file", metavar="PATH", type=Path, help=f"default: {_TARGETS}")
    parser.add_argument("--reports", metavar="DIR", type=Path, help="default: reports")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> NoReturn:
    """Become that session: Ctrl-C, the exit code and the terminal are then its own."""
    if not (arguments.reason or arguments.undo or arguments.restore or arguments.plan):
        message = "a rollback needs a reason: it is written on the deployment, for whoever asks next week"
        raise UsageError(message, remedy=f'backstop rollback {arguments.target} "Health check failure"')
    root = project_root()
    if stale := _stale(root):
        print(f"backstop: {stale}", file=sys.stderr)
    become_session(root, session_arguments(arguments, root), read_environment().variables)


def _stale(root: Path) -> str:
    """That what is installed is older than what the checkout asks for. Nothing is installed at night."""
    for wanted, stamp in _SET_UP:
        try:
            older = (root / stamp).stat().st_mtime < (root / wanted).stat().st_mtime
        except OSError:
            continue
        if older:
            return f"the set-up is older than {wanted}; it goes on with what is installed (later: make setup)"
    return ""


def session_arguments(arguments: argparse.Namespace, root: Path) -> list[str]:
    """The session, as pytest's arguments; a checkout's own targets are taken where the folder has none."""
    targets = arguments.targets_file or Path(_TARGETS)
    if arguments.targets_file is None and not targets.exists() and not is_installed():
        targets = root / _TARGETS
    words = ["-m", "post_rollback", f"--target={arguments.target}", f"--targets-file={targets}"]
    words += ["--rollback", f"--reason={arguments.reason}"]
    for name in ("to", "undo", "via", "accept", "expect_live", "confirm_within", "fault", "reports"):
        value = getattr(arguments, name)
        words += [f"--{name.replace('_', '-')}={value}"] if value is not None else []
    flags = ("restore", "plan", "yes", "no_notify")
    return words + [f"--{name.replace('_', '-')}" for name in flags if getattr(arguments, name)]
