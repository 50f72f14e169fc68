"""``python -m proof``: put every fault and every benign variant around two bots and run all suites."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from backstop.model.errors import BackstopError
from backstop.model.verdict import Ending
from backstop.storage import write_atomic
from proof.judge import Judgement, judge
from proof.manifest import BENIGN, FAULTS, ROOT, SURROUNDINGS, Variant, load, select
from proof.matrix import as_json, as_text, findings
from proof.part import take_part
from proof.results import BOTS, BotResult, Plan
from proof.unprovable import UNPROVABLE


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the matrix and what speaks against the proof; the exit code: 0 proven, 1 not."""
    options = _options(arguments)
    began = time.monotonic()
    try:
        everything = load((FAULTS, SURROUNDINGS, *options.faults), (BENIGN, *options.benign))
        variants = select(everything, options.only)
        results = _look(options, variants)
    except BackstopError as error:
        print(error, file=sys.stderr)
        return int(error.ending)
    except KeyboardInterrupt:
        return int(Ending.INTERRUPTED)
    whole = not options.only and len(results) == len(BOTS)
    judgement = judge(variants, results, UNPROVABLE, whole=whole)
    write_atomic(options.reports / "matrix.json", as_json(variants, results, judgement))
    _tell(variants, results, judgement, time.monotonic() - began)
    return int(Ending.VERIFIED if judgement.proven else Ending.FAILED)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m proof", description=__doc__)
    names = [bot.name for bot in BOTS]
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="this fault or variant only"
    )
    parser.add_argument("--bot", action="append", default=[], choices=names, help="this bot only")
    parser.add_argument("--faults", action="append", default=[], type=Path, metavar="DIR", help="more faults")
    parser.add_argument(
        "--benign", action="append", default=[], type=Path, metavar="DIR", help="more variants"
    )
    parser.add_argument(
        "--clean-looks", type=int, default=0, metavar="N", help="then look N times at a good bot"
    )
    parser.add_argument(
        "--limit", type=float, default=600.0, metavar="SECONDS", help="begin no stage after this"
    )
    parser.add_argument("--reports", type=Path, default=ROOT / "reports" / "proof", metavar="DIR")
    return parser.parse_args(arguments)


def _look(options: argparse.Namespace, variants: Sequence[Variant]) -> tuple[BotResult, ...]:
    """All bots beside each other: a process and a sandbox for each.

    One of them goes through the variants backwards, so that not all of them wait at the same time.
    """
    plans = [
        Plan(bot, tuple(ordered), options.reports, options.clean_looks, options.limit)
        for bot, ordered in zip(BOTS, (variants, variants[::-1]), strict=True)
        if not options.bot or bot.name in options.bot
    ]
    with ProcessPoolExecutor(len(plans), mp_context=get_context("spawn")) as pool:
        return tuple(pool.map(take_part, plans))


def _tell(
    variants: Sequence[Variant], results: Sequence[BotResult], judgement: Judgement, seconds: float
) -> None:
    for result in results:
        print("\n".join(as_text(variants, result)), end="\n\n")
    print("\n".join(findings(judgement)))
    faults = sum(not variant.benign for variant in variants)
    stages = [row.seconds for result in results for row in result.rows.values()]
    each = f"{sum(stages) / len(stages):.2f} s a stage" if stages else "no stage"
    word = "proven" if judgement.proven else "NOT PROVEN"
    benign = len(variants) - faults
    print(
        f"{word}: {faults} faults and {benign} benign variants, {len(results)} bots, {each}, {seconds:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
