"""The whole catalogue."""

from __future__ import annotations

from backstop.observe.catalogue import commands, health, interactions, security
from backstop.observe.probe import Probe

PROBES: tuple[Probe, ...] = (
    *health.PROBES,
    *interactions.PROBES,
    *commands.PROBES,
    *security.PROBES,
)
