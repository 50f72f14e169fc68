"""One verified rollback in a process of its own: act, ask three witnesses, run all read-only suites."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest

from backstop.environment import read_environment
from backstop.model.version import version_id
from backstop.provision import open_place
from backstop.rollback.act import Plan, roll_back
from backstop.rollback.confirm import Confirmer
from backstop.rollback.edge_witness import EdgeWitness
from backstop.settings.targets import load_targets
from backstop.settings.worker import with_worker


def main(targets: str, bad: str, good: str) -> int:
    """Roll the target ``bench`` back from ``bad`` to ``good``; 0 when that is verified."""
    target = with_worker(load_targets(Path(targets), read_environment()).get("bench"))
    plan = Plan("bench", version_id(bad), version_id(good), "bench", "it served before")
    with open_place(target, "bench", print) as place:
        assert place.api is not None
        assert place.wrangler is not None
        with EdgeWitness(target, place.prober, place.api, (plan.from_version, plan.to_version)) as edge:
            confirmation = roll_back(plan, place.wrangler, Confirmer(place.api, target.worker), edge)
    if not confirmation.agreed:
        print(confirmation.dissent)
        return 1
    with tempfile.TemporaryDirectory() as reports:
        plain = "--assert=plain"  # the rollback has imported what pytest would rewrite
        where = [f"--targets-file={targets}", "--target=bench", f"--reports={reports}"]
        return int(pytest.main([plain, "-m", "post_rollback", *where]))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
