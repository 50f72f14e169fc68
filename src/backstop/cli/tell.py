"""``backstop tell``: read what people would be told, with a team's own templates. Nothing is sent."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from backstop.environment import read_environment
from backstop.model.errors import UsageError
from backstop.model.verdict import Ending
from backstop.notify.audience import apart
from backstop.notify.example import examples
from backstop.notify.texts import Texts
from backstop.settings.targets import load_targets
from backstop.settings.worker import with_worker


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser(
        "tell",
        help="print what the channels of a target would be told of a made-up incident; send nothing",
        description="Prints each message for each channel that the target names, from the templates that "
        "would be used. A template that can't be used is named, with its line. Nothing is sent.",
    )
    parser.add_argument("target", help="a target of the targets file")
    parser.add_argument("--targets-file", type=Path, metavar="PATH", default=Path("targets.toml"))
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> Ending:
    path: Path = arguments.targets_file
    targets = load_targets(path, read_environment(path.parent / ".env"))
    target = with_worker(targets.get(arguments.target))
    if not any(True for _ in apart(target.channels)):
        message = f"{target.name} names no channels: nobody would be told anything"
        raise UsageError(message, remedy=f'name some: [targets.{target.name}.channels], slack = "env:NAME"')
    faults: list[str] = []
    for heading, message in examples(target, Texts(targets.templates, faults.append)):
        print(f"── {heading} ──\n{message}\n")
    for fault in faults:
        print(f"backstop: {fault}", file=sys.stderr)
    return Ending.USAGE if faults else Ending.VERIFIED
