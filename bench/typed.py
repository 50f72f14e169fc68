"""Wrangler as somebody types it: installed, warm on the disk, and without what we do to make it faster."""

from __future__ import annotations

from backstop.cloudflare.credential import credential_of
from backstop.cloudflare.wrangler import Wrangler
from backstop.process import Completed, run

_LIMIT_S = 60.0


def typed(wrangler: Wrangler, *words: str) -> Completed:
    """Run one command of wrangler for the project; any exit code is a result."""
    assert wrangler.project is not None
    tools, account = wrangler.tools, wrangler.account
    where = [f"--config={wrangler.project.config}", f"--env={wrangler.project.env}"]
    environment = {
        **wrangler.ambient,
        "CI": "true",
        "CLOUDFLARE_API_BASE_URL": account.api,
        "CLOUDFLARE_API_TOKEN": credential_of(account.token).current().value,
        "CLOUDFLARE_ACCOUNT_ID": account.id,
        "WRANGLER_SEND_METRICS": "false",
    }
    return run([str(tools.node), str(tools.wrangler), *words, *where], env=environment, limit=_LIMIT_S)
