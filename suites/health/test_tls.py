"""What callers of an https address are offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from backstop.model.http import Answer
from backstop.model.target import Target
from backstop.observe.looks import Looks
from fixtures.state import NotApplicable

DAYS_LEFT = 14
_STEP = "1. Health check failures, step 1"


@pytest.fixture
def https(target: Target) -> str:
    """The target's address; not applicable where it has no TLS."""
    if not target.url.startswith("https:"):
        message = f"{target.url or target.name} is no https address"
        raise NotApplicable(message)
    return target.url


@pytest.mark.check("health.certificate", severity="high", step=_STEP)
def test_certificate(https: str, looks: Looks, remark: Callable[[str], None]) -> None:
    """The certificate is valid for two more weeks"""
    found, now = looks.tls, datetime.now(UTC)

    assert not found.problem, (
        f"{https}: found {found.problem}, wanted a certificate that can be trusted\n"
        "→ look at SSL/TLS, Edge Certificates of the zone"
    )
    assert found.days_left(now) >= DAYS_LEFT, (
        f"{https}: the certificate expires in {found.days_left(now):.1f} days, wanted at least {DAYS_LEFT}\n"
        "→ renew it, or see why Cloudflare does not: SSL/TLS, Edge Certificates of the zone"
    )
    remark(f"{found.days_left(now):.0f} days left, {found.version}")


@pytest.mark.check("health.tls", severity="low", step=_STEP)
def test_tls(https: str, looks: Looks) -> None:
    """TLS older than 1.2 is not spoken"""
    assert not looks.old_tls, (
        f"{https}: found {looks.old_tls}, wanted TLS 1.2 or newer\n"
        "→ set Minimum TLS Version to 1.2: SSL/TLS, Edge Certificates of the zone"
    )


@pytest.mark.check("health.https", severity="low", step=_STEP)
def test_https(https: str, looks: Looks) -> None:
    """Plain http is redirected to https, or not served"""
    if looks.without_tls is None:
        message = f"{https} has a port of its own, so there is no plain http beside it"
        raise NotApplicable(message)
    result = looks.without_tls.result
    if not isinstance(result, Answer):
        return
    location = result.header("location") or "nowhere"

    redirected = 300 <= result.status < 400 and location.startswith("https:")
    assert redirected, (
        f"{looks.without_tls.request.url}: found {result.status} to {location}, wanted a redirect to https\n"
        "→ turn on Always Use HTTPS for the zone"
    )
