"""How often a rule calls a version slower, by simulation: ours, one curl each, and the mean of ten each."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from math import exp
from statistics import mean

from backstop.rollback.baselines import POOLED, pooled
from backstop.statistics.slowdown import LOOKS, Answer, Rule, in_steps
from bench.noise import Noise
from bench.plot import Line, write_plot

CHANGES = (1.0, 1.25, 1.5, 1.75, 2.0)
RUNS = 2000
_TEN = 10
_LIMIT = 1.5  # what the procedure calls degraded
_ANOTHER_DAY = 0.15  # of the logarithm: by so much the way to the bot differs
_RULE = Rule(least=0.0)  # the ratio alone: how large a difference must be is the target's affair


@dataclass(frozen=True, slots=True)
class Ran:
    """How one run ended, and how many requests the new version got."""

    slower: bool
    probes: int
    undecided: bool = False


def measure() -> None:
    """Print the table and draw it."""
    rules: dict[str, Callable[[int, float], Ran]] = {
        "one curl each": _one_curl,
        "mean of ten each": _mean_of_ten,
        "old and new in turns": _in_turns,
        "against times of another day": lambda run, change: _stored(run, change, 1),
        "against those of five other days": lambda run, change: _stored(run, change, POOLED),
    }
    rows = {name: [_rate(rule, change) for change in CHANGES] for name, rule in rules.items()}
    print(f"\nin {RUNS} runs called slower, per cent (undecided; requests to the new version)")
    print("true change    " + "".join(f"{100 * (change - 1):+17.0f} %" for change in CHANGES))
    for name, found in rows.items():
        print(f"{name:<33}" + "".join(f"{_cell(each):>19}" for each in found))
    lines = [Line(name, CHANGES, [100 * each[0] for each in found]) for name, found in rows.items()]
    write_plot("decision", lines, ("new / old", "called slower, per cent of runs"))


def _rate(rule: Callable[[int, float], Ran], change: float) -> tuple[float, float, float]:
    ran = [rule(run, change) for run in range(RUNS)]
    return mean(r.slower for r in ran), mean(r.undecided for r in ran), mean(r.probes for r in ran)


def _cell(found: tuple[float, float, float]) -> str:
    slower, undecided, probes = found
    return f"{100 * slower:.1f} ({100 * undecided:.0f}; {probes:.1f})"


def _one_curl(run: int, change: float) -> Ran:
    noise = Noise(run)
    old = noise.time()
    return Ran(noise.time(change) / old > _LIMIT, 1)


def _mean_of_ten(run: int, change: float) -> Ran:
    noise = Noise(run)
    old = mean(noise.time() for _ in range(_TEN))
    return Ran(mean(noise.time(change) for _ in range(_TEN)) / old > _LIMIT, _TEN)


def _in_turns(run: int, change: float) -> Ran:
    old, new = zip(*islice(Noise(run).pairs(change), LOOKS[-1]), strict=True)
    found = in_steps(old, new, _RULE)
    return Ran(found.answer is Answer.SLOWER, found.pairs, found.answer is Answer.UNDECIDED)


def _stored(run: int, change: float, days: int) -> Ran:
    """20 times of each day; the level of the last one has moved, and of several days that of each."""
    chance = random.Random(run)  # noqa: S311 - the same runs each time
    moved = exp(chance.gauss(0, _ANOTHER_DAY))
    before, now = [Noise(run + day * 2 * RUNS) for day in range(days)], Noise(run + RUNS)
    levels = [exp(chance.gauss(0, _ANOTHER_DAY)) if days > 1 else 1.0 for _ in before]
    kept = [[noise.time(level) for _ in range(20)] for noise, level in zip(before, levels, strict=True)]
    old = pooled(kept)
    new = [now.time(change * moved) for _ in range(20)]
    found = in_steps(old, new, Rule(least=0.0, stored=True))
    return Ran(found.answer is Answer.SLOWER, found.pairs, found.answer is Answer.UNDECIDED)
