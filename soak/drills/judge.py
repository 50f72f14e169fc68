"""What is wrong after a drill was cut short. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from backstop.journal.events import MutationArmed
from backstop.model.verdict import Ending
from soak.aftermath import Told
from soak.drills.aftermath import Aftermath, Cloud
from soak.drills.plan import Cut
from soak.judge import LINGERING, REPORTS
from soak.plan import Way
from soak.session import LIMIT

_TOLD = frozenset({Ending.UNRESTORED, Ending.UNCONFIRMED})  # what says that something may be left
# A person or a timer who ends it finds all put back: nothing else went wrong.
_PUT_BACK = frozenset({Ending.INTERRUPTED, Ending.VERIFIED})
# Where the disk is full before all of it was written, or just after.
_FULL = frozenset({Ending.INTERNAL_ERROR, Ending.UNCONFIRMED, Ending.UNRESTORED, Ending.VERIFIED})
_SIGNALS = frozenset({Way.ONCE, Way.TWICE, Way.TERM})
_NOT_OF_THE_BOT = frozenset({Ending.FAILED, Ending.USAGE, Ending.ROLLED_BACK})


def judge(cut: Cut, seen: Aftermath) -> tuple[str, ...]:
    """Each thing that is wrong, in a sentence; nothing when all is as it must be."""
    way = cut.planned.way if seen.ended.sent else None
    found = [*_end(seen, cut.planned.way), *_left(seen, way), *_told(seen, way), *_cloud(seen, way)]
    return (*found, *_elsewhere(seen), *_finally(seen))


def _end(seen: Aftermath, way: Way) -> Iterator[str]:
    if seen.ended.code is None:
        yield f"the session did not end within {LIMIT[way]:g} s"
    if not seen.ended.sent and seen.ended.code != 0:
        yield f"nobody disturbed it, and its exit code is {seen.ended.code}"
    if seen.told is None and seen.ended.code == 0:
        yield "exit code 0 and no journal"
    if way is Way.DISK and seen.ended.sent and seen.ended.code not in _FULL:
        yield f"a full disk ended it with exit code {seen.ended.code}: it says nothing of the bot"


def _left(seen: Aftermath, way: Way | None) -> Iterator[str]:
    if seen.left.lock:
        yield f"the lock can't be taken: {seen.left.lock}"
    if seen.left.processes:
        yield f"still running after {seen.left.seconds:.1f} s: {', '.join(seen.left.processes)}"
    elif seen.left.seconds > LINGERING:
        yield f"its processes outlived it by {seen.left.seconds:.1f} s"
    if seen.left.temporary and way is not Way.KILL:
        yield f"left among the temporary files: {', '.join(seen.left.temporary)}"


def _told(seen: Aftermath, way: Way | None) -> Iterator[str]:
    """The journal and the exit code say the same, and nothing that is not so."""
    told = seen.told
    if told is None:
        return
    if told.damage:
        yield f"the journal is damaged: {'; '.join(told.damage)}"
    if not told.whole and told.ending is Ending.VERIFIED:
        yield "the journal was cut short and says verified"
    if MutationArmed.kind not in told.kinds and seen.after is not None and seen.after.fault is not None:
        yield "a fault serves, and the journal does not say that it was about to be deployed"
    nowhere_to_write = way is Way.DISK and not (told.whole and told.files >= REPORTS)
    if way is not Way.KILL and not nowhere_to_write:
        yield from _ended(seen, told, way)


def _ended(seen: Aftermath, told: Told, way: Way | None) -> Iterator[str]:
    code = seen.ended.code
    if code != told.ending:
        yield f"exit code {code}, and the journal says {_shown(told.ending)}"
    if not told.whole:
        yield "the journal has no last line"
    if missing := sorted(REPORTS - told.files):
        yield f"the report lacks {', '.join(missing)}"
    if way in _SIGNALS and told.ending not in _PUT_BACK:
        yield f"{way.value} ended it with {_shown(told.ending)}, wanted all put back"
    if way is not None and told.ending in _NOT_OF_THE_BOT:
        yield f"{way.value} ended it with {_shown(told.ending)}, and says nothing of the bot"


def _cloud(seen: Aftermath, way: Way | None) -> Iterator[str]:
    """What it leaves is the good version, or said; after SIGKILL nobody is there to say it."""
    after, code = seen.after, seen.ended.code
    if after is None:
        own = seen.note is not None and (seen.told is None or seen.note.run == seen.told.run)
        if own and way is not Way.KILL and way is not Way.DISK:
            yield f"an undo note of a sandbox that is gone is left: {seen.note}"
        return
    if after.fault is None and not after.serves(seen.good):
        yield f"{after.head.shown} is deployed, the edge serves {after.live}, wanted {seen.good} alone"
    if way is Way.KILL:
        if after.fault is not None and seen.note is None:
            yield "a fault serves, and there is no undo note"
        return
    if not after.clean and code not in _TOLD:
        yield f"exit code {code}, and left is {_remains(after)}"
    if after.fault is not None and str(after.fault.to_version) not in seen.ended.output:
        yield f"a fault serves, and the session does not name it: {after.fault.to_version}"
    if after.upload is not None and after.fault is None and "the newest upload" not in seen.ended.output:
        yield f"the newest upload is a fault, and the session does not say so: {after.upload.label}"
    if after.clean and seen.note is not None and way is not Way.DISK and code not in _TOLD:
        yield f"nothing is left, and there is an undo note: {seen.note}"


def _elsewhere(seen: Aftermath) -> Iterator[str]:
    """Another machine knows nothing but what is at Cloudflare."""
    after, look = seen.after, seen.elsewhere
    if after is None or look is None:
        return
    wanted = Ending.UNRESTORED if after.fault is not None else Ending.VERIFIED
    if look.returncode != wanted:
        yield f"the next start elsewhere ended with exit code {look.returncode}, wanted {int(wanted)}"
    for words in _must_say(after):
        if words not in _joined(look.stdout):
            yield f"the next start elsewhere does not say: {words}"


def _must_say(after: Cloud) -> Iterator[str]:
    if after.fault is not None:
        yield f"the fault {after.fault.to_version} that the drill of run {after.fault.run} deployed still"
    elif after.upload is not None:
        yield f"the newest upload, {after.upload.label}, is one that the drill of run"
    if not after.clean:
        yield "-m post_rollback --target soak --restore"


def _finally(seen: Aftermath) -> Iterator[str]:
    there, restored = seen.finally_there, seen.restored
    if restored is not None and restored.returncode != 0:
        yield f"--restore elsewhere ended with exit code {restored.returncode}, wanted 0"
    if there is None:
        return
    if not there.serves(seen.good):
        yield f"in the end {there.head.shown} is deployed, the edge serves {there.live}, wanted {seen.good}"
    if not there.clean:
        yield f"in the end there still is {_remains(there)}"


def _remains(cloud: Cloud) -> str:
    fault = f"the fault {cloud.fault.to_version}, which serves" if cloud.fault else ""
    upload = f"the faulty upload {cloud.upload.label}" if cloud.upload else ""
    return " and ".join(filter(None, (fault, upload))) or "nothing"


def _joined(text: str) -> str:
    return " ".join(text.split())


def _shown(ending: Ending) -> str:
    return f"{ending.name.lower()} ({int(ending)})"
