"""``docs/drill-records.md``: what it says to type exists, and its settings are read."""

from __future__ import annotations

import re
from pathlib import Path

from backstop.environment import Environment
from backstop.settings.targets import load_targets
from tests.schedules.instructions import ROOT, typed, wrong_in
from tools.schedules.table import JOBS, variable

PAGE = (ROOT / "docs" / "drill-records.md").read_text(encoding="utf-8")


def test_what_is_to_be_typed_exists() -> None:
    """Options, sessions and commands, whether in a block or in a sentence."""
    lines = typed(PAGE)

    assert [] == wrong_in(lines)
    assert 5 < sum("backstop" in line or "pytest" in line for line in lines)


def test_its_settings_are_read(tmp_path: Path) -> None:
    """Each ``[state]`` as it stands there."""
    blocks = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    target = '[targets.t]\nurl = "https://bot.example.workers.dev"\n'
    for number, block in enumerate(blocks):
        path = tmp_path / f"{number}.toml"
        path.write_text(target + block)
        assert tmp_path / ".backstop" != load_targets(path, Environment({})).state

    assert 2 == len(blocks)


def test_it_names_every_job_and_its_files() -> None:
    """And links to files that are there."""
    links = re.findall(r"\]\((\.\./[^)#]+)\)", PAGE)

    assert [] == [link for link in links if not (ROOT / "docs" / link).resolve().exists()]
    rare = [job for job in JOBS if job.every_minutes is None]
    assert [] == [job.name for job in rare if variable(job) not in PAGE or f"-{job.name}.timer" not in PAGE]
