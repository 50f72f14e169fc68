"""``python -m bench [PART …]``: what was promised of speed and of decisions, as ratios within one run."""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from backstop.environment import read_environment
from backstop.provision import open_place
from backstop.settings.targets import load_targets
from backstop.settings.worker import with_worker
from bench import decision, growth, journal, look, monitor, overhead, rollback, watch
from soak.deployed_target import patient_bot

ROOT = Path(__file__).resolve().parent.parent
_AT_A_BOT = {"look": look.measure, "monitor": monitor.measure, "rollback": rollback.measure}
_ALONE = {
    "decision": decision.measure,
    "overhead": overhead.measure,
    "growth": growth.measure,
    "journal": journal.measure,
    "watch": watch.measure,
}


def main() -> int:
    """Print the tables; a rollback that was not verified ends it with words."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join((*_AT_A_BOT, *_ALONE)))
    wanted = parser.parse_args().parts or [*_AT_A_BOT, *_ALONE]
    if unknown := set(wanted) - _AT_A_BOT.keys() - _ALONE.keys():
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    _at_a_bot([part for part in _AT_A_BOT if part in wanted])
    for part, measure in _ALONE.items():
        if part in wanted:
            measure()
    return 0


def _at_a_bot(parts: list[str]) -> None:
    if not parts:
        return
    target = with_worker(load_targets(ROOT / "targets.toml", read_environment()).get("local"))
    with tempfile.TemporaryDirectory(prefix="backstop-bench-") as folder:
        patient = replace(target, project=patient_bot(Path(folder) / "bot"))
        with open_place(patient, "bench", print) as place:
            for part in parts:
                _AT_A_BOT[part](place)


if __name__ == "__main__":
    raise SystemExit(main())
