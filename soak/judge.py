"""What is wrong after an interruption. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from backstop.journal.events import MutationArmed, RollbackFinished
from backstop.model.verdict import Ending
from backstop.model.version import VersionId
from backstop.rollback.marker import mark_of
from soak.aftermath import Aftermath, Told
from soak.plan import Interruption, Way
from soak.session import LIMIT

LINGERING = 5.0  # seconds for which what a killed session had started may outlive it
REPORTS = frozenset({"report.html", "incident.md", "verdict.json"})
# What may truthfully be said where the rollback was made, and where it was not.
_ACTED = frozenset({Ending.VERIFIED, Ending.FAILED, Ending.INCONCLUSIVE, Ending.UNCONFIRMED})
# Where the disk is full no line of the journal may have said what came of it.
_FULL = frozenset({Ending.INTERNAL_ERROR, Ending.UNCONFIRMED, Ending.UNRESTORED})
_NOT_ACTED = frozenset({Ending.INTERRUPTED, Ending.INCONCLUSIVE, Ending.REFUSED, Ending.UNCONFIRMED})


def judge(planned: Interruption, seen: Aftermath, good: VersionId) -> tuple[str, ...]:
    """Each thing that is wrong, in a sentence; nothing when all is as it must be.

    ``good`` is the version that a rollback leads to.
    """
    way = planned.way if seen.ended.sent else None
    found = [*_end(seen, planned.way), *_left(seen, way), *_deployments(seen, way), *_afterwards(seen)]
    if seen.told is not None:
        found += [*_journal(seen, seen.told, way), *_told(seen, seen.told, way)]
    if seen.ended.code == 0:
        found += _verified(seen, good)
    return tuple(found)


def _end(seen: Aftermath, way: Way) -> Iterator[str]:
    if seen.ended.code is None:
        yield f"the session did not end within {LIMIT[way]:g} s"
    if seen.told is None and seen.ended.code == 0:
        yield "exit code 0 and no journal"
    if seen.told is None and not seen.ended.sent:
        yield f"nobody disturbed it, and it left no journal; exit code {seen.ended.code}"
    if seen.told is None and way is Way.DISK and seen.ended.code != Ending.INTERNAL_ERROR:
        yield f"a full disk ended it with exit code {seen.ended.code}, wanted 3: it says nothing of the bot"


def _left(seen: Aftermath, way: Way | None) -> Iterator[str]:
    if seen.left.lock:
        yield f"the lock can't be taken: {seen.left.lock}"
    if seen.left.processes:
        yield f"still running after {seen.left.seconds:.1f} s: {', '.join(seen.left.processes)}"
    elif seen.left.seconds > LINGERING:
        yield f"its processes outlived it by {seen.left.seconds:.1f} s"
    if seen.left.temporary and way is not Way.KILL:
        yield f"left among the temporary files: {', '.join(seen.left.temporary)}"


def _deployments(seen: Aftermath, way: Way | None) -> Iterator[str]:
    run = seen.told.run if seen.told else ""
    if len(seen.made) > 1:
        yield f"{len(seen.made)} deployments were made, wanted one at most"
    for made in seen.made:
        mark = mark_of(made.message)
        if mark is None or mark.run != run:
            yield f"a deployment without the mark of run {run or '(none)'}: {made.message}"
    if seen.late and way is not Way.KILL and not (way is Way.NETWORK and seen.note):
        yield "a deployment came after the end of the session, which does not know of it"


def _journal(seen: Aftermath, told: Told, way: Way | None) -> Iterator[str]:
    """What the journal amounts to must be true, whoever ended the session."""
    may = (_ACTED if seen.acted else _NOT_ACTED) - ({Ending.FAILED} if way is Way.NETWORK else set())
    if told.ending not in may:
        yield f"the journal says {_shown(told.ending)} although {_done(seen)}"
    if told.damage:
        yield f"the journal is damaged: {'; '.join(told.damage)}"
    if MutationArmed.kind in told.kinds and RollbackFinished.kind not in told.kinds and seen.note is None:
        yield "armed and never finished, and there is no undo note"


def _told(seen: Aftermath, told: Told, way: Way | None) -> Iterator[str]:
    nowhere_to_write = way is Way.DISK and not (told.whole and told.files >= REPORTS)
    if way is Way.KILL or nowhere_to_write:
        yield from _cut(seen, told, way)
    else:
        yield from _ended(seen, told)


def _cut(seen: Aftermath, told: Told, way: Way | None) -> Iterator[str]:
    if not told.whole and told.ending is Ending.VERIFIED:
        yield "the journal was cut short and says verified"
    if way is Way.DISK and seen.ended.code not in _FULL:
        yield f"exit code {seen.ended.code}, where the disk was full before all of it was written"
    if seen.acted and MutationArmed.kind not in told.kinds:
        yield "it acted, and the journal does not say that it was about to"


def _ended(seen: Aftermath, told: Told) -> Iterator[str]:
    code = seen.ended.code
    if code not in list(Ending):
        yield f"exit code {code} is none of the table; the journal says {_shown(told.ending)}"
    elif code != told.ending:
        yield f"exit code {code}, and the journal says {_shown(told.ending)}"
    if not told.whole:
        yield "the journal has no last line"
    if missing := sorted(REPORTS - told.files):
        yield f"the report lacks {', '.join(missing)}"
    if not seen.ended.sent and code != Ending.VERIFIED:
        yield f"nobody disturbed it, and its exit code is {code}"


def _verified(seen: Aftermath, good: VersionId) -> Iterator[str]:
    served = [(share.version, share.percentage) for share in seen.live]
    if served != [(good, 100.0)]:
        yield f"exit code 0, and the edge serves {served}, wanted {good} alone"


def _afterwards(seen: Aftermath) -> Iterator[str]:
    """What the next session says where a note was left, and that it is the last to say so."""
    if not seen.forgotten:
        yield "the next session left the undo note in its place"
    if seen.note is None or seen.next is None:
        return
    if seen.told is not None and seen.note.run != seen.told.run:
        yield f"the undo note is that of run {seen.note.run}"
    told = "it was done" if seen.acted else "it was not done"
    wanted = f"run {seen.note.run} was to {seen.note.what}, and did not see it through: {told}"
    if wanted not in seen.next.stdout:
        yield f"the next session does not say: {wanted}"
    code, should = seen.next.returncode, Ending.VERIFIED if seen.acted else Ending.FAILED
    if code != should:
        yield f"the next session ended with exit code {code}, wanted {int(should)}, as {_done(seen)}"


def _done(seen: Aftermath) -> str:
    return "the rollback was made" if seen.acted else "nothing was changed"


def _shown(ending: Ending) -> str:
    return f"{ending.name.lower()} ({int(ending)})"
