"""The judge of a soak: silent where all is as it must be, and red for each thing that is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backstop.journal.events import MutationArmed, RollbackFinished
from backstop.model.verdict import Ending
from backstop.model.version import Deployment, Share, VersionId
from backstop.process import Completed
from backstop.rollback.marker import Mark, Part, marked
from backstop.rollback.undo import UndoNote
from soak.aftermath import Aftermath, Left, Told
from soak.judge import judge
from soak.plan import Interruption, Way
from soak.session import Ended

GOOD = VersionId("00000000-0000-0000-0000-000000000001")
BAD = VersionId("00000000-0000-0000-0000-000000000002")
RUN = "cafe0123"
FILES = frozenset({"journal.jsonl", "report.html", "incident.md", "verdict.json", "junit.xml"})
WHAT = f"roll bot back from {BAD} to {GOOD}"
NOTE = UndoNote(RUN, "soak", "bot", BAD, WHAT, GOOD)
CUT = f"run {RUN} was to {WHAT}, and did not see it through: "
BEFORE_THE_ACT = frozenset({"session-started"})
ARMED = BEFORE_THE_ACT | {MutationArmed.kind}
FINISHED = ARMED | {RollbackFinished.kind}


def _aimed(way: Way) -> Interruption:
    return Interruption(1, 1, way, "", 0.5)


def _deployment(message: str) -> Deployment:
    return Deployment("1", datetime(2026, 11, 25, tzinfo=UTC), "wrangler", "me", (Share(GOOD, 100),), message)


def _next(said: str, code: int) -> Completed:
    return Completed(("pytest",), code, said, "", 1.0)


def _told(seen: Aftermath, **changed: object) -> Aftermath:
    assert seen.told is not None
    return replace(seen, told=replace(seen.told, **changed))  # type: ignore[arg-type]  # a table of members


def _ended(seen: Aftermath, code: int | None) -> Aftermath:
    return replace(seen, ended=replace(seen.ended, code=code))


def _says(seen: Aftermath, ending: Ending) -> Aftermath:
    return _ended(_told(seen, ending=ending), int(ending))


OURS = _deployment(marked("soak", Mark(RUN, Part.REAL, BAD, GOOD)))
NOTHING = Left("", (), 0.0, ())

# Cut short before the act: nothing changed.
EARLY = Aftermath(
    ended=Ended(sent=True, code=2, seconds=0.1, output=""),
    told=Told(RUN, Ending.INTERRUPTED, whole=True, kinds=BEFORE_THE_ACT, damage=(), files=FILES),
    left=NOTHING,
    made=(),
    late=0,
    live=(Share(BAD, 100),),
    note=None,
    next=None,
    forgotten=True,
)
# Cut short once the rollback was made: the note stays, and the next session tells of it.
LATE = replace(
    EARLY,
    ended=Ended(sent=True, code=22, seconds=0.1, output=""),
    told=Told(RUN, Ending.UNCONFIRMED, whole=True, kinds=FINISHED, damage=(), files=FILES),
    made=(OURS,),
    live=(Share(GOOD, 100),),
    note=NOTE,
    next=_next(f"{CUT}it was done; what follows …", 0),
)
# Killed when it was armed and had not acted.
KILLED = replace(
    EARLY,
    ended=Ended(sent=True, code=-9, seconds=0.1, output=""),
    told=Told(
        RUN, Ending.UNCONFIRMED, whole=False, kinds=ARMED, damage=(), files=frozenset({"journal.jsonl"})
    ),
    note=NOTE,
    next=_next(f"{CUT}it was not done, {BAD} still serves", 1),
)
# The disk was full when it had acted: the terminal and the exit code are all that it could still say it with.
FULL = replace(
    _ended(LATE, 3),
    told=Told(
        RUN, Ending.UNCONFIRMED, whole=False, kinds=ARMED, damage=(), files=frozenset({"journal.jsonl"})
    ),
)
UNDISTURBED = replace(
    LATE,
    ended=Ended(sent=False, code=0, seconds=3.0, output=""),
    told=Told(RUN, Ending.VERIFIED, whole=True, kinds=FINISHED, damage=(), files=FILES),
    note=None,
    next=None,
)
BEFORE_IT_BEGAN = replace(EARLY, ended=Ended(sent=True, code=-2, seconds=0.1, output=""), told=None)


@pytest.mark.parametrize(
    ("way", "seen"),
    [
        pytest.param(Way.ONCE, EARLY, id="before the act"),
        pytest.param(Way.TWICE, LATE, id="after the act"),
        pytest.param(Way.KILL, KILLED, id="killed before the act"),
        pytest.param(Way.DISK, FULL, id="full disk"),
        pytest.param(Way.DISK, _ended(BEFORE_IT_BEGAN, 3), id="full disk, before the session"),
        pytest.param(Way.NETWORK, _says(LATE, Ending.UNCONFIRMED), id="lost network"),
        pytest.param(Way.NETWORK, replace(LATE, late=1), id="landed when the network was back, and told"),
        pytest.param(Way.TERM, UNDISTURBED, id="nothing to interrupt any more"),
        pytest.param(Way.TERM, BEFORE_IT_BEGAN, id="before the session"),
    ],
)
def test_nothing_is_wrong_with_what_is_known(way: Way, seen: Aftermath) -> None:
    """Each way in which an interrupted session may end."""
    assert () == judge(_aimed(way), seen, GOOD)


@pytest.mark.parametrize(
    ("way", "seen", "words"),
    [
        pytest.param(Way.ONCE, _ended(EARLY, None), "did not end within", id="hangs"),
        pytest.param(Way.ONCE, _ended(EARLY, -2), "none of the table", id="ended by the signal"),
        pytest.param(Way.ONCE, _ended(EARLY, 20), "the journal says interrupted", id="two tongues"),
        pytest.param(Way.ONCE, _says(EARLY, Ending.VERIFIED), "although nothing was changed", id="false 0"),
        pytest.param(
            Way.ONCE, _says(LATE, Ending.INTERRUPTED), "although the rollback was made", id="false 2"
        ),
        pytest.param(Way.ONCE, _says(LATE, Ending.REFUSED), "although the rollback was made", id="false 21"),
        pytest.param(Way.ONCE, _told(EARLY, damage=("cut",)), "damaged: cut", id="damaged journal"),
        pytest.param(Way.ONCE, _told(EARLY, whole=False), "no last line", id="journal cut"),
        pytest.param(
            Way.ONCE, _told(EARLY, files=FILES - {"verdict.json"}), "lacks verdict.json", id="no verdict"
        ),
        pytest.param(
            Way.KILL,
            _told(KILLED, ending=Ending.VERIFIED),
            "cut short and says verified",
            id="killed and well",
        ),
        pytest.param(
            Way.KILL,
            replace(KILLED, note=None, next=None),
            "there is no undo note",
            id="armed without a note",
        ),
        pytest.param(Way.ONCE, replace(EARLY, left=replace(NOTHING, lock="held")), "lock", id="lock"),
        pytest.param(
            Way.KILL,
            replace(KILLED, left=replace(NOTHING, processes=("node (7)",), seconds=15.0)),
            "node (7)",
            id="process",
        ),
        pytest.param(
            Way.KILL,
            replace(KILLED, left=replace(NOTHING, seconds=9.0)),
            "outlived it by 9.0 s",
            id="lingers",
        ),
        pytest.param(
            Way.ONCE,
            replace(EARLY, left=replace(NOTHING, temporary=("x",))),
            "temporary files: x",
            id="litter",
        ),
        pytest.param(Way.ONCE, replace(LATE, made=(OURS, OURS)), "2 deployments", id="rolled back twice"),
        pytest.param(
            Way.ONCE, replace(LATE, made=(_deployment("hello"),)), "without the mark", id="not marked"
        ),
        pytest.param(
            Way.ONCE, replace(BEFORE_IT_BEGAN, made=(OURS,)), "without the mark", id="acted without a journal"
        ),
        pytest.param(Way.ONCE, replace(LATE, late=1), "after the end of the session", id="lands later"),
        pytest.param(Way.ONCE, _ended(BEFORE_IT_BEGAN, 0), "exit code 0 and no journal", id="nothing and 0"),
        pytest.param(Way.KILL, replace(KILLED, forgotten=False), "in its place", id="note stays"),
        pytest.param(
            Way.KILL, replace(KILLED, next=_next("…", 1)), "the next session does not say", id="nobody tells"
        ),
        pytest.param(
            Way.ONCE,
            replace(LATE, next=_next(f"{CUT}it was done", 1)),
            "exit code 1, wanted 0",
            id="the bot is not well",
        ),
        pytest.param(
            Way.KILL, replace(KILLED, note=replace(NOTE, run="0")), "that of run 0", id="another's note"
        ),
        pytest.param(Way.DISK, _ended(FULL, 1), "where the disk was full", id="full, and the bot is blamed"),
        pytest.param(Way.DISK, _ended(FULL, 0), "where the disk was full", id="full, and all is well"),
        pytest.param(
            Way.DISK,
            _told(FULL, kinds=BEFORE_THE_ACT),
            "that it was about to",
            id="full, and acts without a word",
        ),
        pytest.param(
            Way.DISK, _ended(BEFORE_IT_BEGAN, 1), "says nothing of the bot", id="full before it began"
        ),
        pytest.param(
            Way.NETWORK, _says(LATE, Ending.FAILED), "the journal says failed", id="the bot is blamed"
        ),
        pytest.param(
            Way.NETWORK,
            replace(LATE, late=1, note=None, next=None),
            "after the end of the session",
            id="lands later, and nobody knows",
        ),
        pytest.param(
            Way.ONCE, replace(UNDISTURBED, live=(Share(BAD, 100),)), "the edge serves", id="edge is behind"
        ),
        pytest.param(
            Way.ONCE, _says(UNDISTURBED, Ending.FAILED), "nobody disturbed it", id="fails by itself"
        ),
    ],
)
def test_each_thing_that_must_not_be_is_named(way: Way, seen: Aftermath, words: str) -> None:
    """A soak that could not go red would prove nothing."""
    found = judge(_aimed(way), seen, GOOD)

    assert any(words in each for each in found), found
