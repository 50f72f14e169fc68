"""What is deployed, what would break next, and whether there is a way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.target import Target
from backstop.observe.history import what_breaks_next
from backstop.observe.looks import Looks
from fixtures.state import NotApplicable

_VERIFY = "Execution: verify deployment status"


@pytest.mark.check("deployment.authenticated", severity="high", step="Prerequisites: wrangler whoami")
def test_authenticated(looks: Looks, target: Target) -> None:
    """Cloudflare takes the credentials, and the account that they belong to has the worker"""
    account = target.cloudflare_account

    assert looks.deployed.exists, (
        f"found no worker {target.worker} in account {account}, wanted one (10007, 10090)\n"
        "→ correct worker or CLOUDFLARE_ACCOUNT_ID; if both are right it was deleted: wrangler deploy"
    )


@pytest.mark.check("deployment.expected", severity="high", step="Scenario 1: deployment failures, in CI")
def test_expected(looks: Looks, expected_live: str) -> None:
    """What serves is the version that is expected to be live"""
    if not expected_live:
        message = "nobody said which version is expected (--expect-live ID)"
        raise NotApplicable(message)
    shown = looks.deployed.head.shown

    assert looks.deployed.head.only_version == expected_live, (
        f"found {shown}, wanted {expected_live} at 100 %\n"
        "→ the deploy did not take, or somebody deployed since: wrangler deployments list"
    )


@pytest.mark.check("deployment.one-version", severity="medium", step=_VERIFY)
def test_one_version(looks: Looks, degraded: Callable[[str], None]) -> None:
    """One version serves all of the traffic"""
    shares, shown = looks.deployed.head.shares, looks.deployed.head.shown
    if len(shares) > 1:
        degraded(f"split: {shown}\n→ finish that deployment: wrangler versions deploy ID@100")

    assert sum(share.percentage for share in shares) == 100, f"found {shown}, wanted 100 % in all"


@pytest.mark.check("deployment.secrets", severity="critical", step="1. Health check failures, step 3")
def test_secrets(looks: Looks, target: Target) -> None:
    """Every required secret is set, and every version that serves has it"""
    if not target.required_secrets:
        message = "the target requires no secrets"
        raise NotApplicable(message)
    wanted = set(target.required_secrets)
    missing = sorted(wanted - looks.deployed.secret_names)

    assert not missing, f"secrets missing: {', '.join(missing)}\n→ wrangler secret put {missing[0]}"
    for version in looks.deployed.serving:
        without = sorted(wanted - version.secret_names)
        assert not without, (
            f"version {version.label} serves without {', '.join(without)}, though the worker has them now\n"
            "→ deploy a version that was uploaded after they were set"
        )


@pytest.mark.check("deployment.rollback", severity="low", step="Decision: is there a version to go back to")
def test_rollback(looks: Looks, degraded: Callable[[str], None], remark: Callable[[str], None]) -> None:
    """There is a version to roll back to"""
    found = looks.deployed.way_back
    if found is None:
        degraded(
            "nothing to roll back to: no earlier deployment served all of the traffic with other code\n"
            "→ after the next deploy there is; until then keep a way to deploy the commit before"
        )
    else:
        remark(f"a rollback leads to {found.label}")


@pytest.mark.check("deployment.latest", severity="low", step="After a rollback: what is left to do")
def test_latest(
    looks: Looks, run: str, degraded: Callable[[str], None], remark: Callable[[str], None]
) -> None:
    """What was uploaded last is what serves"""
    newest = looks.deployed.listed[0]
    breaks = what_breaks_next(looks.deployed.head, newest)
    if breaks and run in newest.message:
        remark(f"{newest.label} was uploaded last: a fault of this session, which goes when it ends")
    elif breaks:
        degraded(breaks)
