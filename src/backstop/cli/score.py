"""``backstop score``: what drills have proven, on the terminal and as a page."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path

from backstop.cli.spelled import REPORTS
from backstop.drill.scenarios import load_scenarios
from backstop.environment import read_environment
from backstop.model.verdict import Ending
from backstop.report.scorecard import score_in_words
from backstop.root import project_root
from backstop.scoreboard import Scoreboard
from backstop.settings.targets import load_targets


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser(
        "score",
        help="show what drills have proven of each target, and write drills/scorecard.html",
        description="Reads the drill records of the state directory and of the reports, says how each "
        "scenario stands at each target, and writes the page again. Ends with 0 whatever they say: "
        "`-m drill_freshness` is what fails.",
    )
    parser.add_argument("--targets-file", type=Path, metavar="PATH", default=Path("targets.toml"))
    parser.add_argument("--reports", type=Path, metavar="DIR", default=REPORTS)
    parser.add_argument(
        "--scenarios", type=Path, metavar="DIR", action="append", default=[], help="those of your own"
    )
    parser.add_argument(
        "--today", type=_day, metavar="DATE", help="as of that day: 2026-12-31 (default: this one, UTC)"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> Ending:
    path: Path = arguments.targets_file
    targets = load_targets(path, read_environment(path.parent / ".env"))
    suites = project_root() / "suites" / "drills" / "scenarios"
    faults = project_root() / "sandbox" / "faults"
    board = Scoreboard(targets, arguments.reports, load_scenarios((suites, *arguments.scenarios), (faults,)))
    today = arguments.today or datetime.now(UTC).date()
    for score in board.scores(today):
        print("\n".join(score_in_words(score)))
    for line in board.availability(today):
        print(line)
    notes = board.left_out()
    for line in (*notes.not_drilled, *notes.unreadable):
        print(line)
    print(f"page: {board.write(today)}")
    return Ending.VERIFIED


def _day(text: str) -> date:
    """A date, as somebody types it. Raises argparse.ArgumentTypeError, which is wrong usage."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"found {text!r}, wanted a date such as 2026-12-31"
        raise argparse.ArgumentTypeError(message) from error
