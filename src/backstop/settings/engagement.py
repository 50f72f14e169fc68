"""How a target may be asked: the session's budget, and the limit that the bot itself promises."""

from __future__ import annotations

from backstop.model.target import RateLimit
from backstop.settings.table import Table

DEFAULT_PER_MINUTE = 300
_PER_MINUTE = (10, 6000)
_AT_ONCE = (1, 10)  # a look has 20 samples: of more at once it would see the start alone
_REQUESTS = (1, 2000)  # a check sends them all, and up to as many again
_PER_S = (1, 3600)
_METHODS = ("GET", "HEAD", "POST")


def read_budget(table: Table, *, sandbox: bool) -> int | None:
    """``requests_per_minute``; a sandbox target has none unless it says so."""
    if sandbox and "requests_per_minute" not in table:
        return None
    return table.integer("requests_per_minute", DEFAULT_PER_MINUTE, *_PER_MINUTE)


def read_concurrency(table: Table) -> int:
    """``concurrency``: how many of the requests that are timed are usually under way at once."""
    return table.integer("concurrency", 1, *_AT_ONCE)


def read_rate_limit(table: Table) -> RateLimit | None:
    """``rate_limit``; None where the target declares none."""
    limit = table.table("rate_limit", "a table, such as { requests = 300, per_s = 60 }")
    if limit is None:
        return None
    for name in ("requests", "per_s"):
        if name not in limit:
            limit.fault(name, "missing; wanted what the bot allows, such as { requests = 300, per_s = 60 }")
    found = RateLimit(
        requests=limit.integer("requests", 1, *_REQUESTS),
        per_s=limit.integer("per_s", 60, *_PER_S),
        path=limit.url_path("path") if "path" in limit else "",
        method=limit.choice("method", _METHODS, "POST"),
    )
    limit.finish()
    return found
