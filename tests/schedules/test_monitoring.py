"""``docs/monitoring.md``: what is to be typed exists, its settings are read and are the defaults."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backstop.environment import Environment
from backstop.model.errors import UsageError
from backstop.model.monitor_rules import MonitorRules
from backstop.settings.targets import load_targets
from tests.schedules.instructions import ROOT, typed, wrong_in
from tools.schedules.table import JOBS, variable

PAGE = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")
TARGET = '[targets.prod]\nurl = "https://bot.example.workers.dev"\n'
(BLOCK,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def _rules(folder: Path, block: str) -> MonitorRules:
    path = folder / "targets.toml"
    path.write_text(TARGET + block)
    return load_targets(path, Environment({})).get("prod").monitor


def test_what_is_to_be_typed_exists() -> None:
    """Options, sessions and commands, whether in a block or in a sentence."""
    lines = typed(PAGE)

    assert [] == wrong_in(lines)
    assert 5 < sum("backstop" in line or "pytest" in line for line in lines)


def test_it_names_every_monitor_and_its_files() -> None:
    """And links to files that are there."""
    links = re.findall(r"\]\((?!#)([^)#]+)", PAGE)
    often = [job for job in JOBS if job.every_minutes is not None]

    assert [] == [link for link in links if not (ROOT / "docs" / link).resolve().exists()]
    assert [] == [job.name for job in often if variable(job) not in PAGE or f"-{job.name}.timer" not in PAGE]


def test_its_settings_are_read_and_are_the_defaults(tmp_path: Path) -> None:
    """All but those that it says have none."""
    without = "".join(line for line in BLOCK.splitlines(keepends=True) if "no default" not in line)

    assert MonitorRules() == _rules(tmp_path, without)
    assert MonitorRules(unauthorised=30.0) == _rules(tmp_path, BLOCK)


@pytest.mark.parametrize(
    ("setting", "wanted"),
    [
        ("raise_after = 0", "a whole number from 1 to 100"),
        ("resolve_after = true", "a whole number from 1 to 100"),
        ("raise_on = 5", "a table, such as { failures = 5, minutes = 60 }"),
        ("raise_on = { failures = 1 }", "a whole number from 2 to 1000"),
        ("flapping = { change = 4 }", "changes"),
        ("remind_minutes = 0", "a whole number from 1 to 1440"),
        ('heartbeat = "ftp://x"', "https address"),
        ("unauthorised_per_minute = 0", "a number above 0"),
        ("resolve_afer = 2", "resolve_after"),
    ],
)
def test_a_wrong_setting_is_named_with_the_right_one(tmp_path: Path, setting: str, wanted: str) -> None:
    """What was found, and what was wanted."""
    with pytest.raises(UsageError, match=re.escape(wanted)):
        _rules(tmp_path, f"[targets.prod.monitor]\n{setting}\n")
