"""The health endpoint says that the bot is well, and says it freshly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.target import HealthExpectation, Target
from backstop.observe.catalogue.health import HEALTH, HEALTH_AGAIN
from backstop.observe.catalogue.interactions import UNSIGNED
from backstop.observe.probe import Probe
from backstop.observe.reply import Reply, as_json
from fixtures.state import NotApplicable

Ask = Callable[[Probe], Reply]
FRESH_WITHIN = 60.0  # seconds between the bot's clock and ours; NTP keeps both within one


@pytest.mark.check("health.reachable", severity="critical", step="1. Health check failures, step 1")
def test_reachable(answer: Ask, target: Target) -> None:
    """The bot answers HTTP at all"""
    reply = answer(HEALTH if target.health else UNSIGNED)

    assert reply.status < 600, reply.explain(reply.status, "an HTTP status")


@pytest.mark.check("health.status", severity="critical", step="1. Health check failures, step 1")
def test_status(answer: Ask, health: HealthExpectation) -> None:
    """The health path answers with the declared status"""
    reply = answer(HEALTH)

    assert reply.status == health.status, reply.explain(
        reply.status, health.status, "read the error log: wrangler tail --status error"
    )


@pytest.mark.check("health.json", severity="high", step="1. Health check failures, step 1")
def test_json(answer: Ask, health: HealthExpectation) -> None:
    """The health answer is a JSON object with a JSON content type"""
    if not health.json:
        message = "the target expects no JSON of its health path"
        raise NotApplicable(message)
    reply = answer(HEALTH)
    content_type = reply.answer.header("content-type") or "no content-type"

    assert "json" in content_type, reply.explain(content_type, "application/json")
    assert reply.json() is not None, reply.explain("a body that is no JSON object", "a JSON object")


@pytest.mark.check("health.healthy", severity="critical", step="Triggers: health check reports unhealthy")
def test_healthy(answer: Ask, health: HealthExpectation) -> None:
    """The health answer says what the target declares a healthy bot to say"""
    if not health.json and not health.text:
        message = "the target declares no content for its health path"
        raise NotApplicable(message)
    reply = answer(HEALTH)
    found = reply.shows(health.json)

    assert found == dict(health.json), reply.explain(as_json(found), as_json(dict(health.json)))
    assert health.text in reply.answer.text, reply.explain("another text", f"a text with {health.text!r}")


@pytest.mark.check("health.fresh", severity="medium", step="Post-rollback checklist: health check passes")
def test_fresh(answer: Ask, health: HealthExpectation) -> None:
    """The timestamp is now: the answer is no old one"""
    first, second = answer(HEALTH), answer(HEALTH_AGAIN)
    stamp = (first.json() or {}).get("timestamp")
    if stamp is None:
        message = "the health answer carries no timestamp"
        raise NotApplicable(message)
    now = datetime.now(UTC)

    assert (age := _age(stamp, now)) is not None, first.explain(stamp, "an ISO 8601 time with its zone")
    assert abs(age) <= FRESH_WITHIN, first.explain(
        f"a timestamp {age:.0f} s old", f"within {FRESH_WITHIN:.0f} s"
    )
    assert (second.json() or {}).get("timestamp") is not None, second.explain("no timestamp", "a timestamp")


@pytest.mark.check("health.environment", severity="high", step="Execution: verify deployment status")
def test_environment(answer: Ask, health: HealthExpectation, target: Target) -> None:
    """The bot says that it runs in the environment that the target declares"""
    if not target.environment:
        message = "the target declares no environment"
        raise NotApplicable(message)
    reply = answer(HEALTH)
    body = reply.json()
    if body is None:
        message = "the health answer is no JSON object, so its environment can't be read"
        raise CouldNotLook(message, remedy="see health.json")

    assert body.get("environment") == target.environment, reply.explain(
        body.get("environment"), target.environment, "was this worker deployed with the right --env?"
    )


def _age(stamp: object, now: datetime) -> float | None:
    try:
        return (now - datetime.fromisoformat(str(stamp))).total_seconds()
    except (ValueError, TypeError):
        return None
