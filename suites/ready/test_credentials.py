"""What may be asked and done at Cloudflare with the credentials of this target."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.observe.readiness.finding import Proof
from backstop.observe.readiness.readiness import Readiness

Show = Callable[[Proof], None]
_WHOAMI = "Prerequisites: wrangler whoami"


@pytest.mark.check("ready.token.valid", severity="critical", step=_WHOAMI)
def test_token(readiness: Readiness, proven: Show) -> None:
    """Cloudflare takes the credential"""
    proven(readiness.credentials.token)


@pytest.mark.check("ready.account", severity="critical", step=_WHOAMI)
def test_account(readiness: Readiness, proven: Show) -> None:
    """It is known which account is meant, and the credential reaches it"""
    proven(readiness.credentials.account)


@pytest.mark.check("ready.permission.scripts-read", severity="critical", step=_WHOAMI)
def test_scripts_read(readiness: Readiness, proven: Show) -> None:
    """The credential reads versions and deployments: Account · Workers Scripts · Read"""
    proven(readiness.credentials.reads_scripts)


@pytest.mark.check("ready.permission.scripts-write", severity="critical", step=_WHOAMI)
def test_scripts_write(readiness: Readiness, proven: Show) -> None:
    """The credential deploys: Account · Workers Scripts · Edit"""
    proven(readiness.credentials.writes_scripts)


@pytest.mark.check("ready.permission.tail", severity="high", step="Prerequisites: access to logs")
def test_tail(readiness: Readiness, proven: Show) -> None:
    """The credential reads tails: Account · Workers Tail · Read"""
    proven(readiness.credentials.reads_tail)
