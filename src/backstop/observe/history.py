"""What the deployment history says of the way on."""

from __future__ import annotations

from backstop.model.version import Deployment, Version


def what_breaks_next(head: Deployment, newest: Version) -> str:
    """What somebody will stumble over because the newest upload does not serve, or nothing if it does."""
    if any(share.version == newest.id for share in head.shares):
        return ""
    serving = ", ".join(share.version[:8] for share in head.shares)
    return (
        f"{newest.label} was uploaded last, but {serving} serves, as after every rollback: the next "
        "`wrangler secret put` is refused (10214, 10215), and a change of a variable in the dashboard "
        "deploys the newest upload\n→ upload and deploy a good build before changing a secret or a variable"
    )
