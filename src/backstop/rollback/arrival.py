"""Whether the edge has come to serve a deploy: before that, what it answers says nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from backstop.cloudflare.api import CloudflareApi
from backstop.model.errors import CouldNotLook
from backstop.model.target import Target
from backstop.model.version import VersionId
from backstop.polling import SYSTEM, Clock, poll
from backstop.probes.prober import Prober
from backstop.rollback.confirm import Blind, Streak, next_ones
from backstop.rollback.edge_witness import EdgeWitness

# Seconds. A bot that shows no version at all for so long does not answer, and that is for the checks to say:
# the edge follows "up to a couple of seconds" after a deploy.
BLIND_S = 15.0


@dataclass(frozen=True, slots=True)
class Deploy:
    """What was deployed to a target a moment ago; the edge is given ``within`` seconds to follow."""

    target: Target
    api: CloudflareApi
    prober: Prober
    within: float
    clock: Clock = SYSTEM

    def await_it(self, say: Callable[[str], object]) -> VersionId | None:
        """Wait until the edge serves what the API names; the other version that it still serves, if it does.

        None also where no version can be seen, as of a bot that does not answer, and where what the API names
        is split or not what is expected: checks say so. Raises CouldNotLook where it can't be looked at.
        """
        wanted = self.api.deployments(self.target.worker)[0].only_version
        if wanted is None or self.target.expect_live not in {"", wanted}:
            return None
        known = [version.id for version in self.api.versions(self.target.worker)]
        say(f"waiting until the edge serves {wanted} …")
        with EdgeWitness(self.target, self.prober, self.api, known) as edge:
            return Watch(wanted, known, self.within, self.clock).over(edge)


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks for ``wanted`` at the edge for ``deadline`` seconds; ``known`` are the worker's versions."""

    wanted: VersionId
    known: Collection[VersionId]
    deadline: float
    clock: Clock

    def over(self, edge: EdgeWitness) -> VersionId | None:
        """The other version that is seen to the end; None when ``wanted`` came, or none can be seen."""
        streak = Streak(self.wanted, self.clock, self.clock.now())
        try:
            poll(
                lambda: self._glance(streak, edge),
                deadline=self.deadline,
                what=f"{self.wanted} at the edge",
                clock=self.clock,
            )
        except Blind as error:
            raise CouldNotLook(error.message, remedy=error.remedy) from error
        except CouldNotLook:
            return self._other(streak)
        return None

    def _glance(self, streak: Streak, edge: EdgeWitness) -> bool | None:
        """Something once it is there, or there is no sense in going on; else None."""
        if next_ones(streak, edge):
            return True
        blind = self._other(streak) is None and streak.first_correct is None
        return True if blind and self.clock.now() - streak.began >= BLIND_S else None

    def _other(self, streak: Streak) -> VersionId | None:
        return next((each for each in self.known if each == streak.last_seen and each != self.wanted), None)
