"""The bot in the middle of an incident, as sessions that roll back have it."""

from __future__ import annotations

from tests.rollback.conftest import deployed, incident, no_ambient_credentials

__all__ = ["deployed", "incident", "no_ambient_credentials"]
