"""Which files the table makes."""

from __future__ import annotations

from tools.schedules.crontab import crontab
from tools.schedules.github import workflow
from tools.schedules.systemd import units
from tools.schedules.table import JOBS


def files() -> dict[str, str]:
    """Their texts, by their paths in schedules/."""
    made = {f"systemd/{name}": text for job in JOBS for name, text in units(job).items()}
    return {**made, "crontab": crontab(JOBS), "github-drills.yml": workflow(JOBS)}
