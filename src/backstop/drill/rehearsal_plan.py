"""What a rehearsal would do, in words. Looks, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from backstop.drill.rehearsal import Rehearsal
from backstop.model.version import Deployment, Version
from backstop.report.text import age
from backstop.rollback.plan import Plan
from backstop.statistics.slowdown import LOOKS

_PAIRS = f"both in turns, {LOOKS[0]} to {LOOKS[-1]} times each, over connections of their own"


def plan_of_rehearsal(rehearsal: Rehearsal) -> Iterator[str]:
    """Where, with which two versions, and what would be put back. Raises as ``Rehearsal.planned`` does."""
    target = rehearsal.target
    yield f"account    {target.cloudflare_account or 'a sandbox of its own on this machine'}"
    yield f"worker     {target.worker} at {target.url}"
    found = rehearsal.planned()
    if isinstance(found, Deployment):
        yield f"serves     {found.shown}"
        yield "deploys    nothing: two versions are deployed already"
        yield f"asks       {_PAIRS}"
        return
    yield from _of_a_deployment(found)


def _of_a_deployment(plan: Plan) -> Iterator[str]:
    yield f"old        {_shown(plan.wanted)}: {plan.why}"
    yield f"new        {_shown(plan.serving)}, which serves"
    yield from (f"           old is otherwise: {change}" for change in plan.changes)
    yield f"deploys    {plan.wanted.id} at 0 % beside {plan.serving.id} at 100 %, which moves no traffic"
    yield f"asks       {_PAIRS}"
    yield f"puts back  {plan.head.shown}, whatever happens; the history has two more entries then"


def _shown(version: Version) -> str:
    named = " ".join(part for part in (version.tag, f"“{version.words}”" if version.words else "") if part)
    made = f"{version.author}, {age((datetime.now(UTC) - version.created).total_seconds())}"
    return " · ".join(part for part in (version.id, named, made) if part)
