"""One session of all suites with a stage for each of many surroundings: one start-up for all of them.

Usage: python -m tests.hostile.session FOLDER GROUP; leaves FOLDER/journal.jsonl.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backstop.conductor import Conductor
from backstop.environment import read_environment
from backstop.journal.writer import Journal
from backstop.model.run import Phase, SessionKind, Stage
from backstop.model.target import Target
from backstop.place import Place
from backstop.provision import open_place
from backstop.rollback.responder import Safeguards
from backstop.settings.targets import load_targets
from backstop.storage import RunDirectory
from fixtures.state import Session
from proof.session import Begin
from proof.stages import scenarios
from tests.hostile.bots import BLOCKED, SILENT, STALLING, WRONG
from tests.hostile.services import HANGING
from tests.hostile.surroundings import ROOT, SERVICES, Served, Surroundings, serving

GROUPS: Mapping[str, Mapping[str, Surroundings]] = {
    "mixed": {
        **{name: Surroundings(serve) for name, serve in {**SILENT, **BLOCKED}.items()},
        **{name: each.surroundings for name, each in SERVICES.items()},
        "speaks no TLS": Surroundings(SILENT["SSH"], tls=True),
    },
    **{name: {name: Surroundings(serve)} for name, serve in STALLING.items()},  # one each: they only wait
    "wrong": {name: Surroundings(odd.serve) for name, odd in WRONG.items()},
    "everything hangs": {"everything hangs": Surroundings(HANGING, HANGING, HANGING, HANGING)},
}
_WITHOUT = ("fixtures.session", "fixtures.terminal", "cacheprovider", "junitxml", "xdist")
_ARGUMENTS = (
    *("--quiet", "--capture=no", "--tb=native"),
    *(f"-pno:{plugin}" for plugin in _WITHOUT),
    # our plugins are imported before pytest could rewrite their assertions; they have none
    "-Wignore:Module already imported:pytest.PytestAssertRewriteWarning",
)


@dataclass(slots=True)
class HostileConductor(Conductor):
    """Opens a place of its own for each stage, and closes the one before."""

    folder: Path = Path()
    around: Mapping[str, Surroundings] = field(default_factory=dict)
    _served: ExitStack = field(default_factory=ExitStack, init=False)

    def _set_up(self, stage: Stage) -> Place:
        self._served.close()
        served = self._served.enter_context(serving(self.around[stage.scenario]))
        target = replace(
            read_target(self.folder, served),
            discord_api=served.discord,
            discord_status=served.status,
            cloudflare_api=served.cloudflare,
        )
        return self._served.enter_context(open_place(target, self.run, self._say))

    def close(self) -> None:
        """Hang up everywhere."""
        self._served.close()


def read_target(folder: Path, served: Served) -> Target:
    """The target of these surroundings, through a targets file in ``folder``."""
    path = folder / "targets.toml"
    path.write_text(served.targets)
    return load_targets(path, read_environment()).get("hostile")


def look_at_all(folder: Path, around: Mapping[str, Surroundings]) -> int:
    """Look at each in turn; the journal tells what was seen. Returns pytest's own exit code."""
    with serving(Surroundings()) as served:
        target = read_target(folder, served)
    directory = RunDirectory.create(folder / "reports", "look", "hostile", datetime.now(UTC))
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(folder / "journal.jsonl"))
        guards = Safeguards.beneath(folder)
        conductor = HostileConductor("run", target, guards, journal.write, folder=folder, around=around)
        # In a fault stage outcomes are kept as they are seen: nothing is accepted or weighed.
        stages = tuple(Stage(index, Phase.FAULT, name) for index, name in enumerate(around))
        known = scenarios(tuple(around))
        session = Session(
            "run", SessionKind.LOOK, target, known, stages, directory, journal, conductor, stack
        )
        return int(pytest.main([*_ARGUMENTS, f"--rootdir={ROOT}", str(ROOT / "suites")], [Begin(session)]))


if __name__ == "__main__":
    sys.exit(look_at_all(Path(sys.argv[1]), GROUPS[sys.argv[2]]))
