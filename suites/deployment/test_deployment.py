"""What is deployed is one version, complete, and the one that the edge serves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.target import Target
from backstop.observe.looks import Looks
from fixtures.state import NotApplicable


@pytest.mark.check("deployment.serving", severity="high", step="Execution: verify deployment status")
def test_serving(looks: Looks) -> None:
    """The edge serves a version that the deployments API names"""
    deployed = {share.version for share in looks.deployed.head.shares}
    served = looks.deployed.served
    if served is None:
        message = "which version served could not be seen: the answer shows none and the tail had no event"
        raise CouldNotLook(
            message, remedy="let the token read tails, or show the version metadata in the health answer"
        )

    assert served in deployed, (
        f"the edge serves {served}, the deployments API says {', '.join(sorted(deployed))}"
    )


@pytest.mark.check("deployment.one-version", severity="medium", step="Execution: verify deployment status")
def test_one_version(looks: Looks, degraded: Callable[[str], None]) -> None:
    """One version serves all of the traffic"""
    shares = looks.deployed.head.shares
    if len(shares) > 1:
        degraded("split: " + ", ".join(f"{share.version} at {share.percentage:g} %" for share in shares))

    assert sum(share.percentage for share in shares) == 100, f"the shares of {shares} do not add up to 100 %"


@pytest.mark.check("deployment.secrets", severity="critical", step="1. Health check failures, step 3")
def test_secrets(looks: Looks, target: Target) -> None:
    """Every required secret is set"""
    if not target.required_secrets:
        message = "the target requires no secrets"
        raise NotApplicable(message)
    missing = sorted(set(target.required_secrets) - looks.deployed.secret_names)

    assert not missing, f"secrets missing: {', '.join(missing)}\n→ wrangler secret put {missing[0]}"
