"""The checks that no fault of a bot can turn red, each with what shows it red instead."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

UNPROVABLE: Mapping[str, str] = MappingProxyType(
    {
        "drills.witnesses": "is asked of a rollback, and a proof makes none; tests/unit shows dissent",
        "drills.objective": "is asked of a rollback, and a proof makes none",
    }
)
