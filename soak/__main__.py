"""``python -m soak``: interrupt a real rollback again and again, and see that nothing unknown is left."""

from __future__ import annotations

import argparse
import secrets
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from backstop.model.errors import BackstopError
from backstop.model.verdict import Ending
from backstop.polling import SYSTEM
from soak.plan import Interruption, interruptions
from soak.rounds import Round, rounds, undisturbed
from soak.scene import scene
from soak.table import table

_SEEDS = 1_000_000
_EVERY = 10  # rounds for each line of progress


def main(arguments: Sequence[str] | None = None) -> int:
    """Print progress, what is wrong, and the table; the exit code: 0 nothing is wrong, 1 something is."""
    options = _options(arguments)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell has it for what runs in its background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    print(f"seed {options.seed}")
    try:
        done = _soak(interruptions(options.seed, options.rounds, options.first))
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
    parser.add_argument("--rounds", type=int, default=200, metavar="N", help="so many (default: 200)")
    parser.add_argument(
        "--seed",
        type=int,
        default=secrets.randbelow(_SEEDS),
        metavar="N",
        help="the moments (default: others)",
    )
    parser.add_argument("--first", type=int, default=1, metavar="N", help="begin with this round of the seed")
    return parser.parse_args(arguments)


def _soak(planned: Sequence[Interruption]) -> list[Round]:
    done = []
    began = SYSTEM.now()
    with tempfile.TemporaryDirectory(prefix="backstop-soak-") as folder, scene(Path(folder), print) as place:
        whole = min(undisturbed(place), undisturbed(place))  # the first has more to read from disk
        print(f"a rollback takes {whole:.1f} s; interrupting {len(planned)} …", flush=True)
        for each in rounds(place, planned, whole):
            done.append(each)
            if each.wrong:
                print(each.details(), flush=True)
            if len(done) % _EVERY == 0:
                print(f"{len(done)} of {len(planned)}, {SYSTEM.now() - began:.0f} s", flush=True)
        print(table(done))
    return done


if __name__ == "__main__":
    sys.exit(main())
