"""The limit on requests that the bot itself promises."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.target import Target
from backstop.observe.burst import Burst
from backstop.observe.looks import Looks
from backstop.observe.reply import Reply


@pytest.mark.last_of_stage
@pytest.mark.check("security.rate-limiter", severity="medium", step="Triggers: invalid request patterns")
def test_rate_limiter(burst: Burst, target: Target, looks: Looks, degraded: Callable[[str], None]) -> None:
    """Who asks more often than the target declares is answered with 429, and told when to come back"""
    limit = target.rate_limit
    assert limit is not None
    declared = f"429 after {limit.requests} requests in {limit.per_s} s"
    assert burst.telling is not None, (
        f"{burst.request.method} {burst.request.url}: found {burst.answered} requests answered in "
        f"{burst.seconds:.1f} s, wanted {declared}\n→ is the limiter still in the way of every request?"
    )
    reply = Reply(burst.telling.request, looks.bot.answer_of(burst.telling))

    assert reply.status == 429, reply.explain(
        f"{reply.status} after {burst.answered} requests", declared, "the limiter must answer, not throw"
    )
    if burst.answered + burst.before < limit.requests / 2:
        degraded(f"turned us down after {burst.answered} requests already, declared are {limit.requests}")
    if burst.wait is None or not 0 < burst.wait <= limit.per_s:
        found = reply.answer.header("Retry-After") or "none"
        degraded(f"Retry-After of the 429: found {found}, wanted seconds from 1 to {limit.per_s}")
