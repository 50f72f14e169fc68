"""Which paths of a bot are worth asking: the usual ones, and those that its own code mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator

HEALTH = (
    *("/", "/health", "/healthz", "/api/health", "/health/live", "/status", "/api/status", "/ping"),
    *("/ready", "/readyz", "/live", "/livez", "/_health", "/up"),
)
INTERACTIONS = (
    *("/", "/interactions", "/api/interactions", "/interaction", "/discord", "/discord/interactions"),
    *("/api/discord/interactions", "/webhook", "/webhooks/discord", "/bot", "/api"),
)
_LITERAL = re.compile(r"[\"'`](/[A-Za-z0-9_./-]{1,60})[\"'`]")
_ABOUT_HEALTH = re.compile(r"health|status|ping|ready|live|alive|heartbeat", re.IGNORECASE)
_ABOUT_INTERACTIONS = re.compile(r"interact|discord|webhook|bot|slash|command", re.IGNORECASE)
_MOST = 40


def health_paths(code: str) -> tuple[str, ...]:
    """Where a health answer may be, the likeliest first."""
    return tuple(dict.fromkeys((*HEALTH, *_mentioned(code, _ABOUT_HEALTH))))[:_MOST]


def interactions_paths(code: str) -> tuple[str, ...]:
    """Where interactions may be taken, the likeliest first."""
    return tuple(dict.fromkeys((*INTERACTIONS, *_mentioned(code, _ABOUT_INTERACTIONS))))[:_MOST]


def _mentioned(code: str, about: re.Pattern[str]) -> Iterator[str]:
    return (path for path in _LITERAL.findall(code) if about.search(path) and "//" not in path)
