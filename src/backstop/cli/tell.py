"""``backstop tell``: read what people would be told, or tell them by hand that an incident is over."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from backstop.environment import read_environment
from backstop.model.errors import UsageError
from backstop.model.target import Target
from backstop.model.verdict import Ending
from backstop.settings.targets import Targets, load_targets
from backstop.settings.worker import with_worker

if TYPE_CHECKING:  # the words are made by what is loaded where it is used
    from backstop.notify.by_hand import Open

_EPILOG = """\
What would be told, of a made-up incident; nothing is sent:

  backstop tell prod

It is over, and no session will say so: the cause was mended elsewhere, or the session died that had begun it:

  backstop tell prod resolved "the outage at our host is over"

Slack gets one message, the announcement in Discord changes, the incident at Statuspage is resolved with its
component operational: in each channel that was told of something and not that it is over, drills' among
them, and nowhere else. A second time there is nothing left to close. Nothing is looked at: where the bot can
be asked, this closes the same with evidence:

  pytest -m post_rollback --target prod

exit codes: 0 all is closed, or nothing was open · 20 a channel did not take it · 4 usage
"""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser(
        "tell",
        help="print what the channels of a target would be told; or tell them that an incident is over",
        description="Prints each message for each channel that the target names, of a made-up incident, from "
        "the templates that would be used. A template that can't be used is named, with its line. With "
        '"resolved" and a reason it closes what is open in the channels.',
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("target", help="a target of the targets file")
    parser.add_argument("what", nargs="?", choices=["resolved"], help="that what is open is over")
    parser.add_argument("reason", nargs="?", default="", help="why it is over; the team reads it in Slack")
    parser.add_argument("--targets-file", type=Path, metavar="PATH", default=Path("targets.toml"))
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> Ending:
    from backstop.notify.audience import apart  # noqa: PLC0415 - other commands don't pay for it

    path: Path = arguments.targets_file
    targets = load_targets(path, read_environment(path.parent / ".env"))
    target = with_worker(targets.get(arguments.target))
    drills = target.channels.drills
    if not any(True for channels in (target.channels, drills) if channels for _ in apart(channels)):
        message = f"{target.name} names no channels: nobody would be told anything"
        raise UsageError(message, remedy=f'name some: [targets.{target.name}.channels], slack = "env:NAME"')
    if arguments.what is None:
        return _print_examples(target, targets)
    reason = str(arguments.reason).strip()
    if not reason:
        message = "that it is over needs a reason: the team reads it, and so does whoever asks next week"
        remedy = f'backstop tell {target.name} resolved "the outage at our host is over"'
        raise UsageError(message, remedy=remedy)
    return _close(target, targets, reason)


def _print_examples(target: Target, targets: Targets) -> Ending:
    from backstop.notify.example import examples  # noqa: PLC0415 - as above
    from backstop.notify.texts import Texts  # noqa: PLC0415 - as above

    faults: list[str] = []
    texts = Texts(targets.templates, faults.append)
    for heading, message in examples(target, texts):
        print(f"── {heading} ──\n{message}\n")
    if found := _open(target, targets, faults):
        print(f'close it: backstop tell {target.name} resolved "why it is over"', *_told(found), sep="\n  ")
    _complain(faults)
    return Ending.USAGE if faults else Ending.VERIFIED


def _close(target: Target, targets: Targets, reason: str) -> Ending:
    from backstop.notify.by_hand import close  # noqa: PLC0415 - as above

    faults: list[str] = []
    found = _open(target, targets, faults)
    if not found:
        print(f"nothing is open in the channels of {target.name}, as far as {targets.state} knows")
        return Ending.VERIFIED
    print("open:", *_told(found), sep="\n  ")
    closed = tuple(close(found, target, reason, read_environment().who()))
    for each in closed:
        sign = "" if each.ok else "✗ "
        print(f"told:   {sign}{each.channel}: {each.answer}")
        if each.left:
            print(f"        → remove {each.left}: it can't be written, so the next one tells it again")
    _complain(faults)
    if all(each.ok for each in closed):
        return Ending.VERIFIED
    print("→ mend what kept a channel from taking it, then type the same again: it tells those alone")
    return Ending.INCONCLUSIVE


def _open(target: Target, targets: Targets, faults: list[str]) -> tuple[Open, ...]:
    from backstop.notify.by_hand import open_incidents  # noqa: PLC0415 - as above
    from backstop.notify.texts import Texts  # noqa: PLC0415 - as above

    return open_incidents(target, targets.state, Texts(targets.templates, faults.append))


def _told(found: Sequence[Open]) -> list[str]:
    return [each.told for each in found]


def _complain(faults: Sequence[str]) -> None:
    for fault in dict.fromkeys(faults):
        print(f"backstop: {fault}", file=sys.stderr)
