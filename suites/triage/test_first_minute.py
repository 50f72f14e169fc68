"""The first minute of an incident: is it ours, whom does it hit, and what would a rollback do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.outside import SeenOutside, State
from backstop.observe.impact import Hit, Impact
from backstop.observe.readiness.finding import Proof

_EXTERNAL = "Assessment: verify issue is deployment-related (not external)"


@pytest.mark.check("triage.network", severity="low", step=_EXTERNAL)
def test_network(own_network: SeenOutside, remark: Callable[[str], None]) -> None:
    """This machine's own network works"""
    if own_network.state is not State.WELL:
        raise CouldNotLook(own_network.text, remedy="look from elsewhere before anything is rolled back")
    remark(own_network.text)


@pytest.mark.check("triage.cloudflare", severity="low", step=_EXTERNAL)
def test_cloudflare(
    cloudflare_itself: SeenOutside, degraded: Callable[[str], None], remark: Callable[[str], None]
) -> None:
    """Cloudflare says of itself that it is well, and its API does not fail"""
    if cloudflare_itself.state is State.OUT:
        message = f"{cloudflare_itself.text}; what fails may not be the bot's doing"
        raise CouldNotLook(message, remedy="wait for cloudflarestatus.com; a rollback may not go through")
    if cloudflare_itself.state is State.WELL:
        remark(cloudflare_itself.text)
    else:
        degraded(cloudflare_itself.text)


@pytest.mark.check("triage.impact", severity="low", step="Assessment: all users or subset")
def test_impact(impact: Impact, degraded: Callable[[str], None], remark: Callable[[str], None]) -> None:
    """Nobody is hit: every usual request is answered, on each path and by each version"""
    if impact.hit is Hit.UNKNOWN:
        raise CouldNotLook(impact.text, remedy="see the checks of health")
    if impact.hit is Hit.NOBODY:
        remark(impact.text)
    else:
        degraded(f"{impact.hit.value} of the users: {impact.text}")


@pytest.mark.check("triage.rollback", severity="low", step="Decision: previous deployment version identified")
def test_rollback(planned_rollback: Proof, proven: Callable[[Proof], None]) -> None:
    """A rollback would go ahead: there is a version to go to, and nothing stands in the way"""
    proven(planned_rollback)
