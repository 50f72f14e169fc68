"""Time from process start to verified rollback, over the bare time of ``wrangler rollback ID``.

All act on the same sandbox, which holds both versions, one after the other in each round. The procedure
that is replaced is followed once, word for word: it waits for half a minute.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.wrangler import Wrangler
from backstop.model.version import Share, VersionId
from backstop.place import Place
from backstop.polling import poll
from backstop.process import Completed
from backstop.rollback.confirm import Confirmer
from backstop.rollback.edge_witness import EdgeWitness
from bench import procedure
from bench.typed import typed
from soak.deployed_target import environment_for, targets_file

ROOT = Path(__file__).resolve().parent.parent
FAULT = ROOT / "sandbox" / "faults" / "health-503.js"
ROUNDS = 5
LIMIT = 120.0  # seconds for one rollback


@dataclass(frozen=True, slots=True)
class Incident:
    """A place whose bot has a good version and a bad one."""

    place: Place
    api: CloudflareApi
    wrangler: Wrangler
    good: VersionId
    bad: VersionId

    def happen(self) -> None:
        """Have the bad version serve."""
        target = self.place.target
        self.api.deploy_version(target.worker, (Share(self.bad, 100),), "bench")
        with EdgeWitness(target, self.place.prober, self.api, (self.good, self.bad)) as edge:
            Confirmer(self.api, target.worker).confirm(self.bad, edge, time.monotonic())

    def timed(self, act: Callable[[Incident], None]) -> float:
        """Seconds that ``act`` takes to end it. Raises PollTimedOut when it did not."""
        self.happen()
        began = time.monotonic()
        act(self)
        taken = time.monotonic() - began
        worker = self.place.target.worker
        poll(lambda: self._is_over(worker), deadline=5, what="the good version")
        return taken

    def _is_over(self, worker: str) -> bool | None:
        return self.api.deployments(worker)[0].only_version == self.good or None


def measure(place: Place) -> None:
    """Print the table. Raises SystemExit when a rollback was not verified."""
    assert place.api is not None
    assert place.wrangler is not None
    good = place.api.deployments(place.target.worker)[0].shares[0].version
    bad = place.wrangler.upload_wrapped(FAULT, message="bench", tag="bad")
    incident = Incident(place, place.api, place.wrangler, good, bad)
    with tempfile.TemporaryDirectory() as scratch:
        targets = Path(scratch) / "targets.toml"
        targets.write_text(targets_file("bench", place.target), encoding="utf-8")
        ways: tuple[Callable[[Incident], None], ...] = (
            _bare,
            _with_its_code_compiled,
            lambda found: _verified(targets, found),
        )
        rounds = [[incident.timed(way) for way in ways] for _ in range(ROUNDS)]
    bare, compiled, full = (list(each) for each in zip(*rounds, strict=True))
    _print("wrangler rollback ID", bare, bare)
    _print("the same, its code compiled beforehand", compiled, bare)
    _print("process start to verified rollback", full, bare)
    _print("the procedure that it replaces, once", [incident.timed(_as_the_procedure_says)], bare)


def _bare(incident: Incident) -> None:
    _must_end_well(typed(incident.wrangler, "rollback", incident.good, "--message=bench", "--yes"))


def _with_its_code_compiled(incident: Incident) -> None:
    _must_end_well(incident.wrangler.rollback(incident.good, "bench"))


def _must_end_well(completed: Completed) -> None:
    if completed.returncode != 0:
        message = f"wrangler rollback failed: {completed.stderr}"
        raise SystemExit(message)


def _as_the_procedure_says(incident: Incident) -> None:
    procedure.follow(incident.wrangler, incident.good, incident.place.target.url)


def _verified(targets: Path, incident: Incident) -> None:
    """What somebody types, in a process of its own."""
    argv = [sys.executable, "-m", "pytest", "-m", "post_rollback", "--target=bench", "--rollback"]
    argv += ["--reason=bench", f"--targets-file={targets}", f"--reports={targets.parent}"]
    argv += [f"--expect-live={incident.bad}"]
    env = environment_for(incident.place.target)
    ended = subprocess.run(
        argv, env=env, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    if ended.returncode != 0:
        message = (
            f"the rollback was not verified (exit code {ended.returncode}):\n{ended.stdout}{ended.stderr}"
        )
        raise SystemExit(message)


def _print(what: str, taken: list[float], bare: list[float]) -> None:
    if taken is bare:
        print(f"\nmedians of {ROUNDS} rounds (least to most)              seconds   ratio")
    ratio = statistics.median(taken) / statistics.median(bare)
    print(f"{what:<41} {statistics.median(taken):9.2f} {ratio:7.2f}  ({min(taken):.2f} to {max(taken):.2f})")
