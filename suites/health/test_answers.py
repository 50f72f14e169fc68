"""The health endpoint answers as it should."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.target import HealthExpectation, Target
from backstop.observe.catalogue.health import HEALTH
from backstop.observe.catalogue.interactions import UNSIGNED
from backstop.observe.probe import Probe
from backstop.observe.reply import Reply, as_json
from backstop.observe.wording import says
from fixtures.state import NotApplicable

Ask = Callable[[Probe], Reply]
_STEP = "1. Health check failures, step 1"
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@pytest.mark.check("health.reachable", severity="critical", step=_STEP)
def test_reachable(answer: Ask, target: Target) -> None:
    """The bot answers HTTP at all"""
    reply = answer(HEALTH if target.health else UNSIGNED)

    assert reply.status < 600, reply.explain(reply.status, "an HTTP status")


@pytest.mark.check("health.status", severity="critical", step=_STEP)
def test_status(answer: Ask, health: HealthExpectation) -> None:
    """The health path answers with the declared status"""
    reply = answer(HEALTH)

    assert reply.status == health.status, reply.explain(
        reply.status, health.status, "read the error log: wrangler tail --status error"
    )


@pytest.mark.check("health.json", severity="high", step=_STEP)
def test_json(answer: Ask, health: HealthExpectation) -> None:
    """The health answer is a JSON object with a JSON content type"""
    if not health.json:
        message = "the target expects no JSON of its health path"
        raise NotApplicable(message)
    reply = answer(HEALTH)
    content_type = reply.answer.header("content-type") or "no content-type"

    assert "json" in content_type.lower(), reply.explain(
        content_type, "application/json", "set the content type, and see that no error page answers"
    )
    assert reply.json() is not None, reply.explain(
        "an empty body" if not reply.answer.body else "a body that is no JSON object",
        "a JSON object",
        "see what the bot writes; it may have been cut short",
    )


@pytest.mark.check("health.healthy", severity="critical", step="Triggers: health check reports unhealthy")
def test_healthy(answer: Ask, health: HealthExpectation) -> None:
    """The health answer says what the target declares a healthy bot to say"""
    if not health.json and not health.text:
        message = "the target declares no content for its health path"
        raise NotApplicable(message)
    reply = answer(HEALTH)
    found = reply.shows(health.json)

    assert found == dict(health.json), reply.explain(
        as_json(found), as_json(dict(health.json)), "the answer says what is wrong; see health.checks"
    )
    assert says(reply.answer.text, health.text), reply.explain(
        "another text", f"a text with {health.text!r}, in words of their own and not denied"
    )


@pytest.mark.check("health.redirect", severity="high", step=_STEP)
def test_redirect(answer: Ask, target: Target) -> None:
    """Neither the health path nor the interactions path sends its callers elsewhere"""
    declared = {target.health.status} if target.health else set()
    for probe in (HEALTH, UNSIGNED) if target.health else (UNSIGNED,):
        reply = answer(probe)
        location = reply.answer.header("location") or "nowhere"

        assert reply.status not in REDIRECTS - declared, reply.explain(
            f"{reply.status} to {location}",
            "an answer of the bot itself",
            "Discord follows no redirect: look at the zone's redirect rules, and at the bot's routes",
        )
