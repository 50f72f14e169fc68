"""The judge of drills cut short: silent where all is as it must be, red for each thing that is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backstop.journal.events import MutationArmed
from backstop.model.verdict import Ending
from backstop.model.version import Deployment, Share, Version, VersionId
from backstop.process import Completed
from backstop.rollback.marker import Mark, Part, marked
from backstop.rollback.remains import fault_that_serves, faulty_upload
from backstop.rollback.undo import UndoNote
from soak.aftermath import Left, Told
from soak.drills.aftermath import Aftermath, Cloud
from soak.drills.judge import judge
from soak.drills.plan import Cut
from soak.plan import Interruption, Way
from soak.session import Ended

GOOD = VersionId("00000000-0000-4000-8000-000000000001")
FAULT = VersionId("00000000-0000-4000-8000-000000000002")
RUN = "cafe0123"
NOW = datetime(2026, 11, 25, tzinfo=UTC)
FILES = frozenset({"journal.jsonl", "report.html", "incident.md", "verdict.json"})
NOTE = UndoNote(RUN, "soak", "bot", GOOD, "deploy the bot under health-503 to bot")
NAMED = f"the fault {FAULT} that the drill of run {RUN} deployed still serves, in place of {GOOD}"
RESTORE = "pytest -m post_rollback --target soak --restore"


def _cloud(serves: VersionId, upload: str = "") -> Cloud:
    message = marked("drill: x", Mark(RUN, Part.FAULT, GOOD, FAULT)) if serves == FAULT else "well"
    shares = (Share(serves, 100.0),)
    head = Deployment("1", NOW, "wrangler", "me", shares, message)
    listed = (Version(FAULT, 2, NOW, "me", message=upload),)
    return Cloud(head, shares, fault_that_serves(head), faulty_upload(listed))


WELL = _cloud(GOOD)
BROKEN = _cloud(FAULT, f"drill: x [backstop fault {RUN}]")
UPLOADED = _cloud(GOOD, f"drill: x [backstop fault {RUN}]")
MUTATED = frozenset({"session-started", MutationArmed.kind})
PUT_BACK = Aftermath(
    good=GOOD,
    ended=Ended(sent=True, code=2, seconds=1.0, output=""),
    told=Told(RUN, Ending.INTERRUPTED, whole=True, kinds=MUTATED, damage=(), files=FILES),
    left=Left("", (), 0.0, ()),
    note=None,
    after=WELL,
)
IN_PASSING = replace(PUT_BACK, after=None)


def _did(code: int, said: str = "") -> Completed:
    return Completed(("pytest",), code, said, "", 1.0)


def _ends(seen: Aftermath, ending: Ending, output: str = "") -> Aftermath:
    assert seen.told is not None
    ended = replace(seen.ended, code=int(ending), output=output)
    return replace(seen, ended=ended, told=replace(seen.told, ending=ending))


def _told(seen: Aftermath, **changed: object) -> Aftermath:
    assert seen.told is not None
    return replace(seen, told=replace(seen.told, **changed))  # type: ignore[arg-type]  # a table of members


# Killed while the fault served: its own machine has a note, another one finds it at Cloudflare and ends it.
KILLED = replace(
    _told(PUT_BACK, ending=Ending.UNRESTORED, whole=False, files=frozenset({"journal.jsonl"})),
    ended=replace(PUT_BACK.ended, code=-9),
    note=NOTE,
    after=BROKEN,
    elsewhere=_did(23, f"{NAMED}\n→ unless that drill still runs: {RESTORE}"),
    restored=_did(0),
    finally_there=WELL,
)
KILLED_BEFORE = replace(KILLED, after=WELL, elsewhere=_did(0), restored=None)
ONLY_UPLOADED = replace(
    KILLED,
    after=UPLOADED,
    elsewhere=_did(0, f"the newest upload, 00000000 (“drill: x”), is one that the drill of run x\n{RESTORE}"),
)
CUT_OFF = replace(
    _ends(PUT_BACK, Ending.UNRESTORED, f"bot may still serve {FAULT}"),
    note=NOTE,
    **{name: getattr(KILLED, name) for name in ("after", "elsewhere", "restored", "finally_there")},
)


def _cut(way: Way) -> Cut:
    return Cut(Interruption(1, 1, way, "", 0.5), ("health-check-failure",), passing=False)


@pytest.mark.parametrize(
    ("way", "seen"),
    [
        pytest.param(Way.ONCE, PUT_BACK, id="put back"),
        pytest.param(Way.TERM, _ends(PUT_BACK, Ending.VERIFIED), id="too late to interrupt"),
        pytest.param(Way.ONCE, IN_PASSING, id="in a sandbox that went with it"),
        pytest.param(
            Way.ONCE, replace(IN_PASSING, note=replace(NOTE, run="earlier1")), id="the note of one before it"
        ),
        pytest.param(Way.KILL, KILLED, id="killed while the fault serves"),
        pytest.param(Way.KILL, KILLED_BEFORE, id="killed before the fault"),
        pytest.param(Way.KILL, ONLY_UPLOADED, id="killed between upload and deploy"),
        pytest.param(Way.NETWORK, CUT_OFF, id="could not put it back, and says so"),
        pytest.param(Way.DISK, _ends(PUT_BACK, Ending.INTERNAL_ERROR), id="full disk, put back"),
    ],
)
def test_nothing_is_wrong_with_what_is_put_back_or_said(way: Way, seen: Aftermath) -> None:
    """Each way in which a drill that was cut short may end."""
    assert () == judge(_cut(way), seen)


@pytest.mark.parametrize(
    ("way", "seen", "words"),
    [
        pytest.param(
            Way.ONCE, replace(PUT_BACK, ended=replace(PUT_BACK.ended, code=None)), "did not end", id="hangs"
        ),
        pytest.param(
            Way.ONCE, replace(PUT_BACK, left=Left("held", (), 0.0, ())), "the lock can't be taken", id="lock"
        ),
        pytest.param(
            Way.KILL, replace(KILLED, left=Left("", ("node (7)",), 15.0, ())), "node (7)", id="process"
        ),
        pytest.param(
            Way.ONCE, replace(PUT_BACK, left=Left("", (), 0.0, ("x",))), "temporary files: x", id="litter"
        ),
        pytest.param(Way.ONCE, _told(PUT_BACK, damage=("cut",)), "damaged: cut", id="journal"),
        pytest.param(Way.ONCE, _told(PUT_BACK, files=frozenset()), "the report lacks", id="no report"),
        pytest.param(Way.ONCE, _told(PUT_BACK, ending=Ending.FAILED), "the journal says", id="two tongues"),
        pytest.param(
            Way.ONCE, _ends(PUT_BACK, Ending.FAILED), "says nothing of the bot", id="the bot is blamed"
        ),
        pytest.param(
            Way.ONCE, replace(PUT_BACK, after=BROKEN), "left is the fault", id="code 2 and a fault serves"
        ),
        pytest.param(
            Way.ONCE, replace(PUT_BACK, after=UPLOADED), "left is the faulty upload", id="code 2, upload"
        ),
        pytest.param(
            Way.NETWORK, _ends(CUT_OFF, Ending.UNRESTORED), "does not name it", id="23 without a word"
        ),
        pytest.param(Way.ONCE, replace(PUT_BACK, note=NOTE), "there is an undo note", id="note stays"),
        pytest.param(
            Way.ONCE, replace(IN_PASSING, note=NOTE), "a sandbox that is gone", id="note of a sandbox"
        ),
        pytest.param(Way.KILL, replace(KILLED, note=None), "there is no undo note", id="no note"),
        pytest.param(
            Way.KILL, _told(KILLED, kinds=frozenset()), "was about to be deployed", id="acts without a word"
        ),
        pytest.param(
            Way.KILL,
            replace(KILLED, elsewhere=_did(0, f"{NAMED} {RESTORE}")),
            "ended with exit code 0, wanted 23",
            id="another machine is content",
        ),
        pytest.param(
            Way.KILL, replace(KILLED, elsewhere=_did(23)), "does not say: the fault", id="nobody says which"
        ),
        pytest.param(
            Way.KILL, replace(KILLED, elsewhere=_did(23, NAMED)), "--restore", id="nobody says what to type"
        ),
        pytest.param(
            Way.KILL,
            replace(ONLY_UPLOADED, elsewhere=_did(0)),
            "does not say: the newest upload",
            id="nobody says that the upload is bad",
        ),
        pytest.param(
            Way.KILL, replace(KILLED, restored=_did(21)), "--restore elsewhere ended", id="not restored"
        ),
        pytest.param(Way.KILL, replace(KILLED, finally_there=BROKEN), "in the end", id="restored, and not"),
        pytest.param(
            Way.KILL,
            replace(KILLED, finally_there=UPLOADED),
            "in the end there still is the faulty upload",
            id="restored but for the upload",
        ),
        pytest.param(
            Way.ONCE,
            replace(PUT_BACK, after=replace(WELL, live=(Share(FAULT, 100.0),))),
            "the edge serves",
            id="edge is behind",
        ),
        pytest.param(
            Way.DISK, _ends(PUT_BACK, Ending.FAILED), "a full disk ended it", id="full, the bot is blamed"
        ),
    ],
)
def test_each_thing_that_must_not_be_is_named(way: Way, seen: Aftermath, words: str) -> None:
    """A soak that could not go red would prove nothing."""
    found = judge(_cut(way), seen)

    assert any(words in each for each in found), found
