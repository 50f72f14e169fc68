"""What the deploy would close behind it, and whether it was regretted before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.model.commit import Commit
from backstop.observe.gate import Migrations, RolledAway

_STEP = "Pre-deployment validation: the way back"


@pytest.mark.check("gate.migration", severity="low", step=_STEP)
def test_migration(migrations: Migrations, remark: Callable[[str], None]) -> None:
    """The deploy leaves a way back: it makes no migration of Durable Objects"""
    serving = migrations.serving or "none"

    assert not migrations.unknown, (
        f"what serves is at migration {serving}, which this project does not know\n"
        "→ it was deployed from other sources: bring its migrations into the config first"
    )
    assert not migrations.to_come, (
        f"the deploy migrates from {serving} to {migrations.to_come[-1]}: this migration ends the way back, "
        "wanted none\n→ Cloudflare does not go back over it: deploy it alone, with code that works before "
        "and after it, and mend forward if it goes wrong"
    )
    remark(f"what serves is at migration {serving}, and so is the project")


@pytest.mark.check("gate.regretted", severity="high", step=_STEP)
def test_regretted(
    rolled_away: RolledAway, commit: Commit, degraded: Callable[[str], None], remark: Callable[[str], None]
) -> None:
    """Nobody went back from the commit that is to be deployed"""
    same = "; ".join(rolled_away.same)

    assert not same, (
        f"commit {commit.id[:12]} was deployed before and given up: found {same}, wanted another commit\n"
        "→ find out why, and mend it; to try it all the same, accept gate.regretted with the reason"
    )
    if rolled_away.nameless:
        told = "; ".join(rolled_away.nameless)
        degraded(
            f"whether this commit is one of them can't be told: {told}\n"
            '→ deploy with the commit in the tag: wrangler deploy --tag "$(git rev-parse --short HEAD)"'
        )
    remark(
        f"of other commits: {'; '.join(rolled_away.others)}" if rolled_away.others else "nothing was given up"
    )


@pytest.mark.check("gate.committed", severity="low", step=_STEP)
def test_committed(commit: Commit, remark: Callable[[str], None]) -> None:
    """What is to be deployed is a commit, so that it can be found again"""
    assert not commit.dirty, (
        f"{commit.dirty} paths of the project differ from commit {commit.id[:12]}, wanted none\n"
        "→ commit them: nobody can deploy again what is in no commit"
    )
    remark(f"commit {commit.id[:12]}")
