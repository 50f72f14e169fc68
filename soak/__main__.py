"""``python -m soak``: interrupt real rollbacks and drills again and again; nothing unknown may be left."""

from __future__ import annotations

import argparse
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from backstop.model.errors import BackstopError
from backstop.model.verdict import Ending
from backstop.polling import SYSTEM
from soak.drills.plan import Cut, cuts
from soak.drills.rounds import DrillRound, Drills
from soak.drills.table import table as drills_table
from soak.plan import Interruption, interruptions
from soak.rounds import Round, rounds, undisturbed
from soak.scene import Scene, scene
from soak.table import table

_SEEDS = 1_000_000
Some = TypeVar("Some", Round, DrillRound)
_EVERY = 10  # rounds for each line of progress


def main(arguments: Sequence[str] | None = None) -> int:
    """Print progress, what is wrong, and the table; the exit code: 0 nothing is wrong, 1 something is."""
    options = _options(arguments)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell has it for what runs in its background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    print(f"seed {options.seed}")
    try:
        done = _soak(options)
    except BackstopError as error:
        print(error, file=sys.stderr)
        return int(error.ending)
    except KeyboardInterrupt:
        return int(Ending.INTERRUPTED)
    wrong = sum(bool(each.wrong) for each in done)
    print(f"{wrong} of {len(done)} left what they must not" if wrong else "none left anything unknown")
    return int(Ending.FAILED if wrong else Ending.VERIFIED)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, metavar="N", help="rollbacks (default: 200)")
    parser.add_argument("--drills", type=int, default=100, metavar="N", help="drills (default: 100)")
    parser.add_argument(
        "--seed",
        type=int,
        default=secrets.randbelow(_SEEDS),
        metavar="N",
        help="the moments (default: others)",
    )
    parser.add_argument("--first", type=int, default=1, metavar="N", help="begin with this round of the seed")
    return parser.parse_args(arguments)


def _soak(options: argparse.Namespace) -> list[Round | DrillRound]:
    with tempfile.TemporaryDirectory(prefix="backstop-soak-") as folder, scene(Path(folder), print) as place:
        rollbacks = _rollbacks(place, interruptions(options.seed, options.rounds, options.first))
        drills = _drills(place, cuts(options.seed, options.drills, options.first))
    return [*rollbacks, *drills]


def _rollbacks(place: Scene, planned: Sequence[Interruption]) -> list[Round]:
    if not planned:
        return []
    whole = min(undisturbed(place), undisturbed(place))  # the first has more to read from disk
    print(f"a rollback takes {whole:.1f} s; interrupting {len(planned)} …", flush=True)
    done = _gone_through(rounds(place, planned, whole), len(planned))
    print(table(done))
    return done


def _drills(place: Scene, planned: Sequence[Cut]) -> list[DrillRound]:
    if not planned:
        return []
    drills = Drills(place)
    whole = drills.undisturbed()
    print(f"a drill of one scenario takes {whole:.1f} s; interrupting {len(planned)} …", flush=True)
    done = _gone_through(drills.rounds(planned, whole), len(planned))
    print(drills_table(done))
    return done


def _gone_through(rounds: Iterable[Some], count: int) -> list[Some]:
    began, done = SYSTEM.now(), list[Some]()
    for each in rounds:
        done.append(each)
        if each.wrong:
            print(each.details(), flush=True)
        if len(done) % _EVERY == 0:
            print(f"{len(done)} of {count}, {SYSTEM.now() - began:.0f} s", flush=True)
    return done


if __name__ == "__main__":
    sys.exit(main())
