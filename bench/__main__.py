"""``python -m bench``: what was promised of speed, as ratios within one run."""

from __future__ import annotations

from pathlib import Path

from backstop.environment import read_environment
from backstop.provision import open_place
from backstop.settings.targets import load_targets
from backstop.settings.worker import with_worker
from bench import journal, look, monitor, rollback, watch

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Print the tables; a rollback that was not verified ends it with words."""
    target = with_worker(load_targets(ROOT / "targets.toml", read_environment()).get("local"))
    journal.measure()
    with open_place(target, "bench", print) as place:
        look.measure(place)
        monitor.measure(place)
        rollback.measure(place)
    watch.measure()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
