"""Registers our pytest plugins, and does nothing else."""

from __future__ import annotations

pytest_plugins = (
    "fixtures.options",
    "fixtures.session",
    "fixtures.ending",
    "fixtures.selection",
    "fixtures.timeline",
    "fixtures.automation",
    "fixtures.plan",
    "fixtures.outcomes",
    "fixtures.terminal",
    "fixtures.looks",
    "fixtures.freshness",
    "fixtures.latency",
    "fixtures.comparison",
    "fixtures.haste",
)
