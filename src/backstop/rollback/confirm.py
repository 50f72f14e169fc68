"""Proof that a version serves: the command, the deployments API and the edge must agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from backstop.cloudflare.api import CloudflareApi
from backstop.model.errors import CouldNotLook
from backstop.model.version import VersionId
from backstop.polling import SYSTEM, Clock, poll
from backstop.rollback.edge_witness import EdgeWitness
from backstop.rollback.testimony import Confirmation, Testimony, Witness

IN_A_ROW = 3  # fresh connections that must be served by the wanted version, one after the other


@dataclass(slots=True)
class _Streak:
    """Counts consecutive probes that the wanted version served."""

    wanted: VersionId
    clock: Clock
    began: float
    length: int = 0
    first_correct: float | None = None
    last_seen: str = ""

    def saw(self, version: VersionId | None) -> bool | None:
        """Take one observation; True once the streak is long enough, else None to go on."""
        self.last_seen = version or "no version shown"
        self.length = self.length + 1 if version == self.wanted else 0
        if self.length and self.first_correct is None:
            self.first_correct = self.clock.now() - self.began
        return True if self.length >= IN_A_ROW else None


@dataclass(frozen=True, slots=True)
class Confirmer:
    """Asks the API and the edge until they agree on a version or ``deadline`` seconds have passed."""

    api: CloudflareApi
    worker: str
    deadline: float = 60.0
    clock: Clock = field(default=SYSTEM)

    def confirm(
        self, wanted: VersionId, edge: EdgeWitness, began: float, command: Testimony | None = None
    ) -> Confirmation:
        """Gather the testimonies. ``began`` is the clock's reading when the act began."""
        api = self._ask_api(wanted, began)
        streak = _Streak(wanted, self.clock, began)
        seen = self._ask_edge(streak, edge) if api.agrees else self._not_asked(wanted, began)
        testimonies = (api, seen) if command is None else (command, api, seen)
        return Confirmation(testimonies, streak.first_correct)

    def _ask_api(self, wanted: VersionId, began: float) -> Testimony:
        found = ""

        def look() -> bool | None:
            nonlocal found
            head = self.api.deployments(self.worker)[0]
            found = ", ".join(f"{share.version} at {share.percentage:g} %" for share in head.shares)
            return True if head.only_version == wanted else None

        detail = self._until(look, "the deployments API to name the version")
        return Testimony(Witness.API, wanted, found, not detail, self.clock.now() - began, detail)

    def _ask_edge(self, streak: _Streak, edge: EdgeWitness) -> Testimony:
        detail = self._until(lambda: streak.saw(edge.serving()), f"{IN_A_ROW} probes in a row to be served")
        after = self.clock.now() - streak.began
        return Testimony(Witness.EDGE, streak.wanted, streak.last_seen, not detail, after, detail)

    def _not_asked(self, wanted: VersionId, began: float) -> Testimony:
        after = self.clock.now() - began
        return Testimony(
            Witness.EDGE, wanted, "", agrees=False, after=after, detail="not asked: the API disagrees"
        )

    def _until(self, look: Callable[[], bool | None], what: str) -> str:
        """Poll; the empty string when it came true, else why not."""
        try:
            poll(look, deadline=self.deadline, what=what, clock=self.clock)
        except CouldNotLook as error:
            return error.message
        return ""
