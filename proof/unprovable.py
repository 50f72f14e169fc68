"""The checks that no fault of a bot can turn red, each with what shows it red instead."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_READY = (
    "account",
    "channels",
    "discord-token",
    "node",
    "permission.scripts-read",
    "permission.scripts-write",
    "permission.tail",
    "project",
    "rollback",
    "signed-path",
    "token.valid",
    "worker-and-url",
    "wrangler",
)
_ERRORS = ("alert", "outage", "probes", "tail", "unauthorised")
_WATCH = ("latency", "limits", "probes", "tail", "whole")
_TRIAGE = ("network", "cloudflare", "impact", "rollback")
_GATE = ("commands", "committed", "migration", "regretted")
_FRESHNESS = ("drilled", "objective", "passed")

UNPROVABLE: Mapping[str, str] = MappingProxyType(
    {
        **{f"ready.{name}": "asks for what a session needs; tests/ready takes it away" for name in _READY},
        **{f"triage.{name}": "is asked of an incident; tests/incident arranges one" for name in _TRIAGE},
        **{f"gate.{name}": "is asked before a deploy; tests/gate arranges one" for name in _GATE},
        **{f"freshness.{name}": "reads records of drills; tests/plugins ages them" for name in _FRESHNESS},
        **{f"errors.{name}": "counts over minutes; tests/monitor lets a bot fail" for name in _ERRORS},
        **{f"watch.{name}": "watches for minutes; tests/monitor lets a bot fail" for name in _WATCH},
        "drills.witnesses": "is asked of a rollback, and a proof makes none; tests/unit shows dissent",
        "latency.restored": "is asked of a rollback, and a proof makes none; tests/rollback shows it red",
        "drills.objective": "is asked of a rollback, and a proof makes none",
    }
)
