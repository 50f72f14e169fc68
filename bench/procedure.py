"""The procedure that is replaced, followed word for word as far as it can be.

Its way to find the version (``deployments list | sed -n 3p | cut``) yields no id, so the right one is given
to it here; its two scripts are a look at the deployment with wrangler and a request for the health path.
"""

from __future__ import annotations

import httpx

from backstop.cloudflare.wrangler import Wrangler
from backstop.model.version import VersionId
from backstop.polling import SYSTEM
from bench.typed import typed

SLEEP_S = 30.0
_LIMIT_S = 10.0


def follow(wrangler: Wrangler, good: VersionId, url: str) -> None:
    """List, roll back, sleep, run two scripts. Raises SystemExit where it would have stopped."""
    _must(typed(wrangler, "deployments", "list").returncode == 0)
    _must(typed(wrangler, "rollback", good, "--message=Emergency rollback", "--yes").returncode == 0)
    SYSTEM.wait(SLEEP_S)
    _must(typed(wrangler, "deployments", "status").returncode == 0)
    _must(httpx.get(url, timeout=_LIMIT_S, trust_env=False).is_success)


def _must(well: bool) -> None:  # noqa: FBT001 - a statement that is true or not
    if not well:
        message = "the procedure failed"
        raise SystemExit(message)
