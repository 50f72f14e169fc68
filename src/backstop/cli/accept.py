"""``backstop accept``: today's findings, written down as what one lives with until a day."""

from __future__ import annotations

import argparse
import difflib
import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from backstop.cli.spelled import REPORTS, options, session
from backstop.environment import read_environment
from backstop.model.errors import UsageError
from backstop.model.target import Target
from backstop.model.verdict import Ending, Outcome
from backstop.onboard.entries import with_entries
from backstop.onboard.findings import Finding, findings_of, light, named
from backstop.onboard.newest import newest_session
from backstop.onboard.onboarding import DAYS, REASON
from backstop.policy.adjudicate import acceptance
from backstop.settings.targets import load_targets
from backstop.settings.worker import with_worker
from backstop.storage import rewrite

_TARGETS = "targets.toml"
_EPILOG = """\
Without CHECK: the findings that weigh less than the target's `blocking` severity. A leak, a signature that is
judged wrongly, and a bot that is not well (security.leaks.*, discord.signature.*, health.*) are accepted only
when each is named; a pattern such as security.headers.* stands for the others. After its day, an accepted
finding counts again.
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser(
        "accept",
        help="write today's findings into the accept table of a target",
        description="Reads the newest session of a target (of the last day) and writes findings into the "
        "target's accept table, with a reason and a day. Shows what it changes; keeps comments and layout.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("target", help="a target of the targets file")
    parser.add_argument("checks", nargs="*", metavar="CHECK", help="what to accept, whatever it weighs")
    parser.add_argument("--targets-file", metavar="PATH", type=Path, help=f"default: {_TARGETS}")
    parser.add_argument("--reports", metavar="DIR", type=Path, help="default: reports")
    parser.add_argument("--until", metavar="DATE", help=f"YYYY-MM-DD (default: in {DAYS} days)")
    parser.add_argument("--reason", metavar="TEXT", default=REASON, help="why this is fine")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> Ending:
    path = arguments.targets_file or Path(_TARGETS)
    now = datetime.now(UTC)
    until = _day(arguments.until, now.date())
    target = with_worker(load_targets(path, read_environment(path.parent / ".env")).get(arguments.target))
    where = options(path, arguments.reports)
    look = session("--target", target.name, *where)
    newest = newest_session(arguments.reports or REPORTS, target, now, look)
    found = findings_of(newest.checks, newest.url)
    fresh = tuple(each for each in found if acceptance(each.check, target.accept, now.date()) is None)
    chosen = named(found, arguments.checks) if arguments.checks else light(fresh)
    if chosen:
        _write(path, target, chosen, until, arguments.reason)
    else:
        print(f"nothing to accept: {target.name} has no finding that does not block and is not accepted yet")
    print("".join(f"{line}\n" for line in _left(target, fresh, chosen, now.date(), where)), end="")
    held = {check.check for check in newest.checks if check.outcome is Outcome.PASS}
    for pattern in sorted(held & _expired(target, now.date()).keys()):
        print(f"expired, and it holds now: {pattern}; take its line out of {path}")
    return Ending.VERIFIED


def _day(text: str | None, today: date) -> date:
    if text is None:
        return today + timedelta(days=DAYS)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        message = f"--until: found {text!r}, wanted a day such as {today + timedelta(days=DAYS)}"
        raise UsageError(message) from error
    if day < today:
        message = f"--until: {day} is over; wanted today ({today}) or later"
        raise UsageError(message)
    return day


def _write(path: Path, target: Target, chosen: Sequence[Finding], until: date, reason: str) -> None:
    if not reason.strip() or not reason.isprintable():
        message = "--reason: wanted one line that says why this is fine"
        raise UsageError(message)
    before = path.read_bytes().decode("utf-8")
    after = with_entries(before, target.name, [each.entry(reason.strip(), until) for each in chosen])
    rewrite(path, after)
    print("".join(_diff(path, before, after)), end="")
    print(f"wrote {path}: {', '.join(each.check for each in chosen)} accepted until {until}")


def _diff(path: Path, before: str, after: str) -> Iterator[str]:
    lines = (before.splitlines(keepends=True), after.splitlines(keepends=True))
    for line in difflib.unified_diff(*lines, str(path), str(path)):
        yield line if line.endswith("\n") else f"{line}\n"


def _left(
    target: Target, found: Sequence[Finding], chosen: Sequence[Finding], today: date, where: Sequence[str]
) -> Iterator[str]:
    """What is not accepted, and what was accepted until a day that is over, with what to type."""
    expired = _expired(target, today)
    for each in found:
        if each not in chosen:
            why = f"expired on {expired[each.check]}" if each.check in expired else each.severity
            again = shlex.join(["backstop", "accept", target.name, each.check, *where])
            yield f"not accepted: {each.check} ({why}); mend it, or: {again}"


def _expired(target: Target, today: date) -> dict[str, date]:
    return {entry.pattern: entry.until for entry in target.accept if entry.until and entry.until < today}
