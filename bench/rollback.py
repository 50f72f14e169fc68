"""Time from process start to verified rollback, over the bare time of ``wrangler rollback ID``.

Both act on the same sandbox, which holds both versions, one after the other in each round.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from backstop.cloudflare.api import CloudflareApi
from backstop.environment import read_environment
from backstop.model.target import Target
from backstop.model.version import Share, VersionId
from backstop.place import Place
from backstop.polling import poll
from backstop.rollback.confirm import Confirmer
from backstop.rollback.edge_witness import EdgeWitness

ROOT = Path(__file__).resolve().parent.parent
FAULT = ROOT / "sandbox" / "faults" / "health-503.js"
ROUNDS = 5
LIMIT = 120.0  # seconds for one rollback


def measure(place: Place) -> None:
    """Print the table. Raises SystemExit when a rollback was not verified."""
    assert place.api is not None
    assert place.wrangler is not None
    good = place.api.deployments(place.target.worker)[0].shares[0].version
    bad = place.wrangler.upload_wrapped(FAULT, message="bench", tag="bad")
    with tempfile.TemporaryDirectory() as scratch:
        targets = _write_targets(Path(scratch), place.target)
        bare = _rounds(place, place.api, good, bad, lambda: _bare(place, good))
        full = _rounds(place, place.api, good, bad, lambda: _verified(targets, place.target, good, bad))
    _print(bare, full)


def _rounds(
    place: Place, api: CloudflareApi, good: VersionId, bad: VersionId, act: Callable[[], None]
) -> list[float]:
    """Seconds of each round; before each of them the bad version serves."""
    taken = []
    for _ in range(ROUNDS):
        api.deploy_version(place.target.worker, (Share(bad, 100),), "bench")
        with EdgeWitness(place.target, place.prober, api, (good, bad)) as edge:
            Confirmer(api, place.target.worker).confirm(bad, edge, time.monotonic())
        began = time.monotonic()
        act()
        taken.append(time.monotonic() - began)
        poll(
            lambda: api.deployments(place.target.worker)[0].only_version == good or None,
            deadline=5,
            what="good",
        )
    return taken


def _bare(place: Place, good: VersionId) -> None:
    assert place.wrangler is not None
    if place.wrangler.rollback(good, "bench").returncode != 0:
        message = "wrangler rollback failed"
        raise SystemExit(message)


def _verified(targets: Path, target: Target, good: VersionId, bad: VersionId) -> None:
    argv = [sys.executable, "-m", "bench.verified_rollback", str(targets), str(bad), str(good)]
    credentials = {
        "CLOUDFLARE_API_BASE_URL": target.cloudflare_api,
        "CLOUDFLARE_API_TOKEN": target.cloudflare_token.value if target.cloudflare_token else "",
        "CLOUDFLARE_ACCOUNT_ID": target.cloudflare_account,
        "DISCORD_API_BASE_URL": target.discord_api,
        "DISCORD_STATUS_BASE_URL": target.discord_status,
        "DISCORD_TOKEN": target.discord_token.value if target.discord_token else "",
        "BENCH_SIGNING_KEY": target.signing_key.value if target.signing_key else "",
    }
    environment = {**read_environment().handed_down(), **credentials}
    ended = subprocess.run(
        argv, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    if ended.returncode != 0:
        message = (
            f"the rollback was not verified (exit code {ended.returncode}):\n{ended.stdout}{ended.stderr}"
        )
        raise SystemExit(message)


def _write_targets(folder: Path, target: Target) -> Path:
    """The sandbox's bot as a target with a URL, as production is."""
    text = f"""\
[targets.bench]
url = "{target.url}"
control = "{target.url}"
project = "{ROOT / "sandbox" / "bot"}"
environment = "local"
required_secrets = ["DISCORD_TOKEN", "DISCORD_PUBLIC_KEY", "DISCORD_APPLICATION_ID"]
health = {{ json = {{ status = "healthy" }} }}
discord_application_id = "{target.discord_application_id}"
signing_key = "env:BENCH_SIGNING_KEY"
"""
    path = folder / "targets.toml"
    path.write_text(text)
    return path


def _print(bare: list[float], full: list[float]) -> None:
    base, total = statistics.median(bare), statistics.median(full)
    print(f"\n{ROUNDS} rounds, medians (least to most)            seconds")
    print(f"wrangler rollback ID                      {base:9.2f}  ({min(bare):.2f} to {max(bare):.2f})")
    print(f"process start to verified rollback        {total:9.2f}  ({min(full):.2f} to {max(full):.2f})")
    print(f"ratio                                     {total / base:9.2f}")
