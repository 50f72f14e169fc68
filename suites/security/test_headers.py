"""Every kind of answer carries the headers that protect it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.target import HealthExpectation
from backstop.observe.catalogue.health import HEALTH
from backstop.observe.catalogue.interactions import PUT, UNSIGNED
from backstop.observe.probe import Probe
from backstop.observe.reply import Reply
from backstop.probes.headers import missing_protection

Ask = Callable[[Probe], Reply]


@pytest.mark.check("security.headers.ok", severity="high", step="4. Security incidents, step 2")
def test_headers_of_success(answer: Ask, health: HealthExpectation) -> None:
    """The health answer is protected"""
    _assert_protected(answer(HEALTH))


@pytest.mark.check("security.headers.unauthorized", severity="high", step="4. Security incidents, step 2")
def test_headers_of_refusal(answer: Ask) -> None:
    """The answer to an unsigned interaction is protected"""
    _assert_protected(answer(UNSIGNED))


@pytest.mark.check(
    "security.headers.method-not-allowed", severity="high", step="4. Security incidents, step 2"
)
def test_headers_of_wrong_method(answer: Ask) -> None:
    """The answer to a wrong method is protected"""
    _assert_protected(answer(PUT))


@pytest.mark.check("security.methods", severity="medium", step="Triggers: invalid request patterns")
def test_methods(answer: Ask) -> None:
    """PUT on the interactions path is refused with 405"""
    reply = answer(PUT)

    assert reply.status == 405, reply.explain(reply.status, 405, "refuse methods that nobody needs")


@pytest.mark.check("security.unsigned", severity="high", step="Triggers: unauthorized access attempts")
def test_unsigned(answer: Ask) -> None:
    """An interaction without a signature is refused with 401"""
    reply = answer(UNSIGNED)

    assert reply.status == 401, reply.explain(reply.status, 401, "verify the signature before anything else")


def _assert_protected(reply: Reply) -> None:
    faults = missing_protection(reply.answer)

    assert not faults, reply.explain(
        "; ".join(f.found for f in faults), "protective headers", "; ".join(f.fix for f in faults)
    )
