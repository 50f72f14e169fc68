"""Registers our pytest plugins, and does nothing else."""

from __future__ import annotations

pytest_plugins = (
    "fixtures.options",
    "fixtures.session",
    "fixtures.ending",
    "fixtures.deadline",
    "fixtures.selection",
    "fixtures.timeline",
    "fixtures.automation",
    "fixtures.plan",
    "fixtures.outcomes",
    "fixtures.terminal",
    "fixtures.telling",
    "fixtures.looks",
    "fixtures.freshness",
    "fixtures.triage",
    "fixtures.gate",
    "fixtures.latency",
    "fixtures.comparison",
    "fixtures.haste",
    "fixtures.monitor",
    "fixtures.watch",
    "fixtures.redaction",
)
