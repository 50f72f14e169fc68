"""Proof that a version serves: the command, the deployments API and the edge must agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.refusals import NotPermitted
from backstop.model.errors import CouldNotLook, Unconfirmed
from backstop.model.version import Deployment, VersionId
from backstop.polling import SYSTEM, Clock, poll
from backstop.rollback.edge_witness import EdgeWitness
from backstop.rollback.marker import mark_of
from backstop.rollback.testimony import Act, Confirmation, Testimony, Witness, Word, testimony_of

IN_A_ROW = 3  # fresh connections that must be served by the wanted version, one after the other
# Seconds for the API to show a deployment that it has taken: it does so at once, a stale read for a moment.
API_WITHIN = 15.0
_LOOK = "look at `wrangler deployments list` before anything else"
_MOST_PAUSE = 0.25  # seconds between looks: what they find can't be timed more exactly than that


class Foreign(Unconfirmed):
    """Raised when somebody else's deployment is where ours should be."""


@dataclass(frozen=True, slots=True)
class Handover:
    """After the deployment ``before`` (its id) only one with the mark of ``run`` may come."""

    before: str
    run: str

    def is_made(self, history: tuple[Deployment, ...], wanted: VersionId) -> bool:
        """Whether ours is the newest and follows what was there. Raises Foreign when it can't be any more.

        Something on the way may have sent ours twice: that is no other's, and makes no difference.
        """
        head = history[0]
        if head.id == self.before or self.before not in {entry.id for entry in history}:
            return False  # not there yet, or a read so stale that it does not even know what we saw
        if not self._is_ours(head, wanted):
            raise Foreign(self._instead(head, wanted), remedy=_LOOK)
        newer = takewhile(lambda entry: entry.id != self.before, history)
        between = next((entry for entry in newer if not self._is_ours(entry, wanted)), None)
        if between is not None:
            message = f"{between.author or 'somebody'} deployed {between.shown} in between"
            raise Foreign(message, remedy=_LOOK)
        return True

    def _is_ours(self, head: Deployment, wanted: VersionId) -> bool:
        return self._is_marked(head) and head.only_version == wanted

    def _is_marked(self, head: Deployment) -> bool:
        mark = mark_of(head.message)
        return mark is not None and mark.run == self.run

    def _instead(self, head: Deployment, wanted: VersionId) -> str:
        """What is there in place of ours."""
        if self._is_marked(head):
            return f"what was made is {head.shown}, wanted {wanted} at 100 %"
        found = f"{head.author or 'somebody'} deployed {head.shown} meanwhile"
        if mark_of(head.message) is None and head.only_version == wanted:
            return f"{found}, or the API does not show the message of ours: there is no mark of this run"
        return found


@dataclass(slots=True)
class Streak:
    """Counts consecutive probes that the wanted version served, and when each was."""

    wanted: VersionId
    clock: Clock
    began: float
    length: int = 0
    first_correct: float | None = None
    last_seen: str = ""
    last_wrong: float = 0.0
    first_within: float = 0.0

    def saw(self, version: VersionId | None) -> bool | None:
        """Take one observation; True once the streak is long enough, else None to go on."""
        now = self.clock.now() - self.began
        self.last_seen = version or "no version shown"
        self.length = self.length + 1 if version == self.wanted else 0
        if version != self.wanted:
            self.last_wrong = now
        elif self.first_correct is None:
            self.first_correct, self.first_within = now, now - self.last_wrong
        return True if self.length >= IN_A_ROW else None


class Blind(Unconfirmed):
    """Raised when no look will ever show which version serves: the token may not read what would tell."""


def next_ones(streak: Streak, edge: EdgeWitness) -> bool | None:
    """Probe until the streak is long enough or breaks: only a wrong answer is worth a pause.

    Raises Blind, and CouldNotLook as the edge witness does.
    """
    while streak.saw(_serving(edge)) is None:
        if not streak.length:
            return None
    return True


def _serving(edge: EdgeWitness) -> VersionId | None:
    try:
        return edge.serving()
    except NotPermitted as error:
        raise Blind(error.message, remedy=error.remedy) from error


@dataclass(frozen=True, slots=True)
class Confirmer:
    """Asks the API and the edge until they agree on a version, or ``deadline`` seconds have passed.

    With ``handover`` the newest deployment must also be ours.
    """

    api: CloudflareApi
    worker: str
    deadline: float = 60.0
    clock: Clock = field(default=SYSTEM)
    handover: Handover | None = None

    def confirm(
        self, wanted: VersionId, edge: EdgeWitness, began: float, act: Act | None = None
    ) -> Confirmation:
        """Gather the testimonies. ``began`` is the clock's reading when the act began."""
        api = self._ask_api(wanted, began, act)
        streak = Streak(wanted, self.clock, began)
        seen = self._ask_edge(streak, edge) if api.agrees else self._not_asked(wanted, began)
        command = (testimony_of(act, wanted, marked=self.handover is not None and api.agrees),) if act else ()
        return Confirmation(
            (*command, api, seen),
            streak.first_correct,
            streak.first_within,
            refused=act is not None and act.word is Word.REFUSED,
            remedy=act.remedy if act else "",
        )

    def _ask_api(self, wanted: VersionId, began: float, act: Act | None) -> Testimony:
        found, wrong = "", 0.0

        def look() -> bool | None:
            nonlocal found, wrong
            history = self.api.deployments(self.worker)
            found = history[0].shown
            if self._has_come(history, wanted):
                return True
            wrong = self.clock.now() - began
            return None

        refused = act is not None and act.word is Word.REFUSED
        patience = 0.0 if refused else min(API_WITHIN, self.deadline)  # of a refusal nothing is on its way
        detail = self._until(look, "the deployments API to name the version", patience)
        after = self.clock.now() - began
        told = "" if refused and found else detail  # that nothing came of a refusal needs no words
        return Testimony(Witness.API, wanted, found, not detail, after, told, max(0.0, after - wrong))

    def _has_come(self, history: tuple[Deployment, ...], wanted: VersionId) -> bool:
        if self.handover is not None:
            return self.handover.is_made(history, wanted)
        return history[0].only_version == wanted

    def _ask_edge(self, streak: Streak, edge: EdgeWitness) -> Testimony:
        what = f"{IN_A_ROW} probes in a row to be served"
        detail = self._until(lambda: next_ones(streak, edge), what, self.deadline)
        after = self.clock.now() - streak.began
        return Testimony(Witness.EDGE, streak.wanted, streak.last_seen, not detail, after, detail)

    def _not_asked(self, wanted: VersionId, began: float) -> Testimony:
        after = self.clock.now() - began
        return Testimony(
            Witness.EDGE, wanted, "", agrees=False, after=after, detail="not asked: the API disagrees"
        )

    def _until(self, look: Callable[[], bool | None], what: str, patience: float) -> str:
        """Poll; the empty string when it came true, else why not."""
        try:
            poll(look, deadline=patience, what=what, most=_MOST_PAUSE, clock=self.clock)
        except (CouldNotLook, Foreign, Blind) as error:
            return error.message
        return ""
