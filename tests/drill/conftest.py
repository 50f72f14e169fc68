"""Whole sessions, as somebody types them: real wrangler, real workerd, in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 500.0  # seconds; the longest, a drill of all scenarios, takes a fifth of it on an idle machine


@dataclass(frozen=True)
class Ended:
    """How a session ended: exit code, output, verdict.json (empty without one), and processes left over."""

    code: int
    output: str
    verdict: Mapping[str, Any]
    reports: Path
    left: tuple[str, ...]


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run pytest on the suites with a targets file of the test's own."""

    def go(*arguments: str, targets: str) -> Ended:
        (tmp_path / "targets.toml").write_text(targets)
        reports = tmp_path / "reports"
        temporary = temporary_of(tmp_path)
        argv = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        argv += ["--targets-file", str(tmp_path / "targets.toml"), "--reports", str(reports)]
        process = subprocess.run(
            argv,
            cwd=ROOT,
            env=by_itself() | {"TMPDIR": str(temporary)},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        verdict = reports / "latest" / "verdict.json"
        return Ended(
            process.returncode,
            process.stdout + process.stderr,
            json.loads(verdict.read_text()) if verdict.exists() else {},
            reports / "latest",
            tuple(descendants(temporary)),
        )

    return go


def temporary_of(folder: Path) -> Path:
    """A folder for temporary files of a test's own, by which everything that it starts is known."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    return temporary


def by_itself() -> dict[str, str]:
    """The environment without what tells that a test is one of a distributed run."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST_")}


def descendants(temporary: Path) -> list[str]:
    """Processes that a session started and that still run: ``TMPDIR`` is handed down to all of them."""
    found = []
    for process in psutil.process_iter(["name", "environ"]):
        where = (process.info["environ"] or {}).get("TMPDIR", "")
        if where and Path(where).is_relative_to(temporary):
            found.append(str(process.info["name"]))
    return found


def sandboxed(project: Path, more: str = "") -> str:
    """A targets file with one sandbox target, ``mine``."""
    return f'[targets.mine]\nsandbox = true\nproject = "{project}"\n{more}'


def write_bot(folder: Path, source: str, config: str = "") -> Path:
    """A wrangler project whose main module is ``source``."""
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "index.js").write_text(source)
    (folder / "wrangler.toml").write_text(
        config or 'name = "small-bot"\nmain = "src/index.js"\ncompatibility_date = "2026-10-01"\n'
    )
    return folder
