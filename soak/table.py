"""How the interrupted sessions ended, in rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from soak.plan import Way
from soak.rounds import Round


def table(done: Sequence[Round]) -> str:
    """How many ended how, for each way of interrupting; and the longest times."""
    counted = Counter((each.planned.way, _how(each)) for each in done)
    rows = [
        f"  {way.value:<13}{count:>5}  {how}"
        for way in Way
        for (found, how), count in sorted(counted.items(), key=lambda entry: -entry[1])
        if found is way
    ]
    return "\n".join([f"{len(done)} interruptions", *rows, *_times(done)])


def _how(each: Round) -> str:
    ended, told = each.seen.ended, each.seen.told
    state = "rolled back" if each.seen.acted else "nothing changed"
    if told is None:
        return f"{state}: before the session had begun, exit code {ended.code}"
    if not ended.sent:
        return f"{state}: had ended before, exit code {ended.code}"
    if each.planned.way is Way.KILL:
        return f"{state}: the journal says {told.ending.name.lower()} ({int(told.ending)})"
    return f"{state}: exit code {ended.code}"


def _times(done: Sequence[Round]) -> list[str]:
    to_end = max((each.seen.ended.seconds for each in done if each.seen.ended.sent), default=0.0)
    lingered = max((each.seen.left.seconds for each in done), default=0.0)
    late = sum(each.seen.late > 0 for each in done)
    return [
        f"  ended at most {to_end:.1f} s after it was disturbed; its processes {lingered:.1f} s after that",
        f"  {late} rollbacks came after the end of the session that had begun them",
    ]
