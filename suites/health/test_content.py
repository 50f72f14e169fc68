"""What the health answer says of the bot: its parts, its environment, its version."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.target import HealthExpectation, Target
from backstop.observe.catalogue.health import HEALTH
from backstop.observe.looks import Looks
from backstop.observe.probe import Probe
from backstop.observe.reply import Reply
from backstop.observe.shown_version import versions_shown
from backstop.observe.subchecks import read_parts
from fixtures.state import NotApplicable

Ask = Callable[[Probe], Reply]


@pytest.mark.check("health.checks", severity="high", step="1. Health check failures, step 2")
def test_checks(answer: Ask, health: HealthExpectation, degraded: Callable[[str], None]) -> None:
    """Every part of the bot that the health answer lists is well"""
    reply = answer(HEALTH)
    found = read_parts(reply.json() or {})
    if found is None:
        message = "the health answer lists no checks"
        raise NotApplicable(message)
    if found.unclear:
        degraded(f"not known whether that is well: {', '.join(found.unclear)}")

    assert not found.unwell, reply.explain(
        ", ".join(found.unwell), "ok of every check", "mend what it names: a secret, a binding, a service"
    )


@pytest.mark.check("health.environment", severity="high", step="Execution: verify deployment status")
def test_environment(answer: Ask, health: HealthExpectation, target: Target) -> None:
    """The bot says that it runs in the environment that the target declares"""
    if not target.environment:
        message = "the target declares no environment"
        raise NotApplicable(message)
    reply = answer(HEALTH)
    found = (reply.json() or {}).get("environment")

    assert found == target.environment, reply.explain(
        found or "no environment", target.environment, "was this worker deployed with the right --env?"
    )


@pytest.mark.check("health.version", severity="high", step="Execution: verify deployment status")
def test_version(answer: Ask, health: HealthExpectation, looks: Looks) -> None:
    """The version that the health answer shows is one that is deployed"""
    reply = answer(HEALTH)
    shown = versions_shown(reply.json() or {})
    if not shown:
        message = "the health answer shows no version id"
        raise NotApplicable(message)
    deployed = looks.deployed.head.versions

    assert deployed.issuperset(shown), reply.explain(
        f"version {', '.join(shown)}",
        f"{' or '.join(sorted(deployed))}, as the deployments API says",
        "show the id of the version metadata binding, and see that nothing caches the answer",
    )
