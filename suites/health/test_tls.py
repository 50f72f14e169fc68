"""What callers of an https address are offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer
from backstop.model.target import Target
from backstop.observe.looks import Looks
from backstop.observe.plain_http import served_plainly
from fixtures.state import NotApplicable

DAYS_LEFT = 14
_STEP = "1. Health check failures, step 1"


@pytest.fixture(scope="session")
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
    if not looks.tls.version:
        message = f"{https}: no handshake is trusted ({looks.tls.problem}), so nothing is known of older ones"
        raise CouldNotLook(message, remedy="see health.certificate")

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
    found = served_plainly(looks.without_tls)
    if isinstance(looks.without_tls.result, Answer):
        looks.reply(looks.without_tls)  # which is inconclusive where something in front of the bot answered
    else:
        assert looks.tls.version, f"{https}: found an answer neither with TLS nor without, wanted one with it"

    assert not found, (
        f"{looks.without_tls.request.url}: found {found}, wanted a redirect to https\n"
        "→ turn on Always Use HTTPS for the zone"
    )
