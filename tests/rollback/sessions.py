"""Whole sessions in a process of their own, as somebody types them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.drill.conftest import LIMIT, ROOT, by_itself, descendants, temporary_of
from tests.rollback.incident import BOT, Incident

PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
SANDBOXED = f"""
[targets.mine]
sandbox = true
project = "{BOT}"
environment = "local"
health = {{ json = {{ status = "healthy" }} }}
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a session ended; ``verdict`` is empty where there is none, ``left`` are processes of it."""

    code: int
    output: str
    verdict: Mapping[str, Any]
    journal: Sequence[Mapping[str, Any]]
    left: Sequence[str]

    def lines(self, kind: str) -> list[Mapping[str, Any]]:
        """The lines of a kind in the journal."""
        return [line for line in self.journal if line["kind"] == kind]


def session(folder: Path, *arguments: str, targets: str = SANDBOXED) -> Ended:
    """Run pytest on the suites for ``mine`` with a targets file of the test's own."""
    path = folder / "targets.toml"
    path.write_text(targets)
    argv = [*PYTEST, *arguments, "--target=mine", f"--targets-file={path}"]
    return command(folder, *argv, cwd=ROOT)


def command(folder: Path, *argv: str, cwd: Path) -> Ended:
    """Run a command that becomes a session whose reports lie in ``folder``."""
    temporary = temporary_of(folder)
    completed = subprocess.run(
        [*argv, f"--reports={folder / 'reports'}"],
        cwd=cwd,
        env=by_itself() | {"TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    return ended(folder, completed.returncode, completed.stdout + completed.stderr)


def ended(folder: Path, code: int, output: str) -> Ended:
    """Gather what a session left."""
    reports = folder / "reports" / "latest"
    verdict, journal = reports / "verdict.json", reports / "journal.jsonl"
    return Ended(
        code,
        output,
        json.loads(verdict.read_text()) if verdict.exists() else {},
        [json.loads(line) for line in journal.read_text().splitlines()] if journal.exists() else [],
        descendants(temporary_of(folder)),
    )


def as_deployed(incident: Incident, folder: Path, more: str = "") -> str:
    """A targets file with the incident's bot as production is; what is secret lies in .env beside it."""
    ready, url = incident.sandbox.ready, incident.address
    secret = {
        "CLOUDFLARE_API_BASE_URL": ready["api"],
        "CLOUDFLARE_API_TOKEN": ready["token"],
        "CLOUDFLARE_ACCOUNT_ID": ready["account"],
        "DISCORD_API_BASE_URL": ready["discord"],
        "DISCORD_STATUS_BASE_URL": ready["discord_status"],
        "CLOUDFLARE_STATUS_BASE_URL": ready["cloudflare_status"],
        "DISCORD_TOKEN": ready["discord_token"],
        "SIGNING_KEY": ready["signing_key"],
    }
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in secret.items()))
    return f"""
[targets.mine]
url = "{url}"
control = "{url}"
project = "{BOT}"
environment = "local"
health = {{ json = {{ status = "healthy" }} }}
discord_application_id = "{ready["application_id"]}"
signing_key = "env:SIGNING_KEY"
{more}
"""
