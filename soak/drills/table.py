"""How the interrupted drills ended, in rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from soak.drills.rounds import DrillRound
from soak.plan import Way


def table(done: Sequence[DrillRound]) -> str:
    """How many ended how and left what, for each way of interrupting; and the longest times."""
    counted = Counter((each.cut.planned.way, _how(each)) for each in done)
    rows = [
        f"  {way.value:<13}{count:>5}  {how}"
        for way in Way
        for (found, how), count in sorted(counted.items(), key=lambda entry: -entry[1])
        if found is way
    ]
    to_end = max((each.seen.ended.seconds for each in done if each.seen.ended.sent), default=0.0)
    last = f"  ended at most {to_end:.1f} s after it was disturbed"
    return "\n".join([f"{len(done)} interruptions of drills", *rows, last])


def _how(each: DrillRound) -> str:
    ended, told, after = each.seen.ended, each.seen.told, each.seen.after
    if not ended.sent:
        return f"had ended before, exit code {ended.code}"
    if told is None:
        return f"before the session had begun, exit code {ended.code}"
    if after is None:
        return f"exit code {ended.code}, the sandbox is gone with it"
    if after.clean:
        return f"exit code {ended.code}, all is put back"
    left = "a fault serves" if after.fault else "the newest upload is a fault"
    restored = each.seen.restored
    return f"exit code {ended.code}, {left}; --restore elsewhere: {restored.returncode if restored else None}"
