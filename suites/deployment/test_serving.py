"""What the edge serves, and how it ends, as the tail shows it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.errors import CouldNotLook
from backstop.observe.leaks import logged_secret
from backstop.observe.looks import Looks
from backstop.observe.traffic import describe

_VERIFY = "Execution: verify deployment status"
_LOGS = "Post-rollback checklist: logs show normal operation"
_MOST_LINES = 10_000  # of up to 2,000 characters: two seconds
_TAIL = "let the token read tails (Workers Tail: Read); tails are sampled under load: start again"


@pytest.mark.check("deployment.serving", severity="high", step=_VERIFY)
def test_serving(looks: Looks) -> None:
    """The edge serves a version that the deployments API names"""
    deployed = looks.deployed.head.versions
    served = looks.served
    if served is None:
        message = "which version served could not be seen: the answer shows none and the tail had no event"
        raise CouldNotLook(message, remedy=f"show the version metadata in the health answer, or {_TAIL}")

    assert served in deployed, (
        f"the edge serves {served}, the deployments API says {', '.join(sorted(deployed))}\n"
        "→ wait for the edge to follow; if it does not, deploy again"
    )


@pytest.mark.check("deployment.canary", severity="high", step=_LOGS)
def test_canary(looks: Looks) -> None:
    """A marked request is found in the tail, ended well, on a version that is deployed"""
    traffic = looks.traffic
    event = traffic.found
    if event is None:
        why = traffic.unseen or "the tail was silent"
        raise CouldNotLook(f"the marked request was not found in the tail: {why}", remedy=_TAIL)
    deployed = looks.deployed.head.versions

    assert event.outcome == "ok", f"found {describe(event)}, wanted outcome ok\n→ read what was thrown"
    assert event.version is None or event.version in deployed, (
        f"the marked request was served by {event.version}, wanted {' or '.join(sorted(deployed))}"
    )


@pytest.mark.check("deployment.errors", severity="high", step=_LOGS)
def test_errors(looks: Looks, remark: Callable[[str], None]) -> None:
    """No usual request ends in an error in the tail"""
    traffic = looks.traffic
    errors = traffic.errors
    if not errors and traffic.found is None:
        why = traffic.unseen or "the tail was silent, which is not the same as no errors"
        raise CouldNotLook(f"errors would not have been seen: {why}", remedy=_TAIL)
    shown = "; ".join(dict.fromkeys(describe(event) for event in errors[:5]))

    assert not errors, (
        f"{len(errors)} of {len(traffic.events)} requests in the tail ended badly: found {shown}, "
        "wanted none\n→ wrangler tail --status error; roll back if the version before did not"
    )
    remark(f"{len(traffic.events)} requests seen in the tail")


@pytest.mark.check("deployment.logs", severity="medium", step="4. Security incidents, step 1")
def test_logs(looks: Looks, remark: Callable[[str], None]) -> None:
    """What the bot logs holds no secret"""
    traffic = looks.traffic
    lines = [(e, line) for e in traffic.events for line in (*e.logs, *e.exceptions)]
    for event, line in lines[:_MOST_LINES]:
        found = logged_secret((line,), looks.leaks)
        assert not found, (
            f"the log of {event.method} {event.url}: found {found}, wanted no part of a secret\n"
            "→ rotate it: logs are kept, and passed on; log names, never values"
        )
    if traffic.found is None:
        why = traffic.unseen or "the tail was silent"
        raise CouldNotLook(f"what is logged would not have been seen: {why}", remedy=_TAIL)
    remark(f"{len(lines[:_MOST_LINES])} of {len(lines)} lines of {len(traffic.events)} requests read")
