"""Probes of the health path."""

from __future__ import annotations

from backstop.model.http import Request
from backstop.observe.probe import Probe, Sending


def _get(sending: Sending) -> Request | None:
    health = sending.target.health
    return Request("GET", sending.url(health.path)) if health else None


HEALTH = Probe("health", _get)
HEALTH_AGAIN = Probe("health again", _get)

PROBES = (HEALTH, HEALTH_AGAIN)
