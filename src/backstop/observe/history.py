"""What the deployment history says of the way back, and of the way on."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from backstop.model.version import Deployment, Version, VersionId

_MADE_BY_SECRETS = "secret"


def way_back(history: Sequence[Deployment], version: Callable[[VersionId], Version]) -> Version | None:
    """The newest version that served everything before, has other code, and is no mere change of secrets.

    ``history`` is newest first and not empty; ``version`` reads one version in full.
    """
    serving = {share.version for share in history[0].shares}
    codes = {version(each).etag for each in serving} - {""}
    for candidate in dict.fromkeys(entry.only_version for entry in history[1:]):
        if candidate is None or candidate in serving:
            continue
        found = version(candidate)
        if found.triggered_by != _MADE_BY_SECRETS and found.etag not in codes:
            return found
    return None


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
