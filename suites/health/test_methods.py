"""Methods other than GET on the health path do no harm."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.target import HealthExpectation
from backstop.observe.catalogue.health import CORS, HEAD, HEALTH, OPTIONS
from backstop.observe.catalogue.interactions import UNSIGNED
from backstop.observe.preflight import openness_fault, preflight_fault
from backstop.observe.probe import Probe
from backstop.observe.reply import Reply

Ask = Callable[[Probe], Reply]
_STEP = "1. Health check failures, step 1"
_DECLINED = frozenset({404, 405, 501})


@pytest.mark.check("health.head", severity="low", step=_STEP)
def test_head(answer: Ask, health: HealthExpectation) -> None:
    """HEAD is answered like GET, without a body, or is declined"""
    whole, reply = answer(HEALTH), answer(HEAD)

    assert reply.status in _DECLINED | {whole.status, health.status}, reply.explain(
        reply.status, f"{health.status} as for GET, or 405", "serve HEAD as GET: monitors ask so"
    )
    assert not reply.answer.body, reply.explain("a body", "no body in answer to HEAD")


@pytest.mark.check("health.options", severity="low", step=_STEP)
def test_options(answer: Ask, health: HealthExpectation) -> None:
    """OPTIONS is answered with the methods, or is declined"""
    reply = answer(OPTIONS)

    assert reply.status < 500 or reply.status in _DECLINED, reply.explain(
        reply.status, "204, or 405", "never throw for a method"
    )


@pytest.mark.check("health.cors", severity="low", step="Triggers: invalid request patterns")
def test_cors(answer: Ask, health: HealthExpectation) -> None:
    """Web pages are let in by the preflight where answers let them in, and nowhere else"""
    asked, preflight, interaction = answer(HEALTH), answer(CORS), answer(UNSIGNED)
    fault = preflight_fault(asked.answer, preflight.answer)
    fault = fault or openness_fault(interaction.answer, asked.answer, preflight.answer)

    assert not fault, preflight.explain(
        fault, "CORS headers only for pages that need them", "send no CORS headers, or name the page's origin"
    )
