"""A part of the traffic for a fault, beside the good version: its shares, and that it is met."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from backstop.drill.chance import requests_to_meet
from backstop.model.errors import CouldNotLook
from backstop.model.scenario import ALL_TRAFFIC, Scenario
from backstop.model.version import Deployment, Share, VersionId
from backstop.polling import Clock, PollTimedOut, poll
from backstop.rollback.edge_witness import EdgeWitness

_PAUSE_S = 0.05  # between requests, of which one in ten or so is the fault's
_SURE = 0.999  # wanted before an edge is said not to follow, which may be chance


class MissedByChance(CouldNotLook):
    """Raised when no request met the fault, and there were too few to blame the edge for it."""


def shares_of(scenario: Scenario, good: VersionId, fault: VersionId) -> tuple[Share, ...]:
    """Who gets which part of the traffic under a scenario; the fault comes first."""
    shares = (Share(fault, scenario.percent),)
    return (*shares, Share(good, ALL_TRAFFIC - scenario.percent)) if scenario.split else shares


def await_split(
    head: Callable[[], Deployment],
    edge: EdgeWitness,
    scenario: Scenario,
    shares: Sequence[Share],
    within: tuple[float, Clock],
) -> None:
    """See that the API shows the split, and that a request was served by the first of its shares.

    ``head`` looks at what is deployed, ``within`` is the deadline for each in seconds, and the clock. Raises
    CouldNotLook when it passes, MissedByChance where nobody may be to blame for that.
    """
    deadline, clock = within
    fault, others = shares[0].version, 0

    def meet() -> bool | None:
        nonlocal others
        serving = edge.serving()
        others += serving not in {None, fault}
        return serving == fault or None

    poll(
        lambda: set(head().shares) == set(shares) or None,
        deadline=deadline,
        what="the deployments API to name the split",
        clock=clock,
    )
    try:
        poll(meet, deadline=deadline, what=f"a request that {fault} serves", most=_PAUSE_S, clock=clock)
    except PollTimedOut as error:
        if 0 < others < requests_to_meet(scenario, _SURE):
            raise _missed(scenario, others) from error
        raise


def _missed(scenario: Scenario, others: int) -> MissedByChance:
    message = (
        f"none of {others} requests met {scenario.what}, which may be chance: it takes "
        f"{requests_to_meet(scenario, _SURE)} to be sure of that"
    )
    remedy = "give the scenario a larger percent, or the target more requests_per_minute"
    return MissedByChance(message, remedy=remedy)
