"""A part of the traffic for a fault, beside the good version: its shares, and that it is met."""

from __future__ import annotations

from collections.abc import Sequence

from backstop.cloudflare.api import CloudflareApi
from backstop.model.scenario import ALL_TRAFFIC, Scenario
from backstop.model.version import Share, VersionId
from backstop.polling import Clock, poll
from backstop.rollback.edge_witness import EdgeWitness

_PAUSE_S = 0.05  # between requests, of which one in ten or so is the fault's


def shares_of(scenario: Scenario, good: VersionId, fault: VersionId) -> tuple[Share, ...]:
    """Who gets which part of the traffic under a scenario; the fault comes first."""
    shares = (Share(fault, scenario.percent),)
    return (*shares, Share(good, ALL_TRAFFIC - scenario.percent)) if scenario.split else shares


def await_split(
    api: CloudflareApi, worker: str, edge: EdgeWitness, shares: Sequence[Share], within: tuple[float, Clock]
) -> None:
    """See that the API shows the split, and that a request was served by the first of its shares.

    ``within`` is the deadline for each in seconds, and the clock. Raises CouldNotLook when it passes.
    """
    deadline, clock = within
    fault = shares[0].version
    poll(
        lambda: set(api.deployments(worker)[0].shares) == set(shares) or None,
        deadline=deadline,
        what="the deployments API to name the split",
        clock=clock,
    )
    poll(
        lambda: edge.serving() == fault or None,
        deadline=deadline,
        what=f"a request that {fault} serves",
        most=_PAUSE_S,
        clock=clock,
    )
