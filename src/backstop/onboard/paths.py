"""Which paths of a bot are worth asking: the usual ones, and those that its own code mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

HEALTH = (
    *("/", "/health", "/healthz", "/api/health", "/health/live", "/status", "/api/status", "/ping"),
    *("/ready", "/readyz", "/live", "/livez", "/_health", "/up"),
)
INTERACTIONS = (
    *("/", "/interactions", "/api/interactions", "/interaction", "/discord", "/discord/interactions"),
    *("/api/discord/interactions", "/webhook", "/webhooks/discord", "/bot", "/api"),
)
_PATH = r"(/[A-Za-z0-9_./-]{1,60})"
_LITERAL = re.compile(rf"[\"'`]{_PATH}[\"'`]")
_ROUTED = re.compile(rf"(?:\.(get|post|all)\(\s*[\"'`]|[\"'`](GET|POST)\s+){_PATH}[\"'`]")
_BASE = re.compile(
    rf"(?:\b(?:basePath|route|mount|startsWith)\(\s*|(?:base|prefix|root)\w*[\"']?\s*[:=]\s*)[\"'`]{_PATH}[\"'`*]",
    re.IGNORECASE,
)
_ABOUT_HEALTH = re.compile(r"health|status|ping|ready|live|alive|heartbeat", re.IGNORECASE)
_ABOUT_INTERACTIONS = re.compile(r"interact|discord|webhook|bot|slash|command", re.IGNORECASE)
_MOST = 40
_MOST_BASES = 4


def health_paths(code: str) -> tuple[str, ...]:
    """Where a health answer may be, the likeliest first."""
    return _worth_asking(HEALTH, code, _ABOUT_HEALTH)


def interactions_paths(code: str) -> tuple[str, ...]:
    """Where interactions may be taken, the likeliest first."""
    return _worth_asking(INTERACTIONS, code, _ABOUT_INTERACTIONS, _routed(code, "post"))


def beneath(code: str, paths: Sequence[str]) -> tuple[str, ...]:
    """The paths beneath each path that the code names as a base; the base itself first."""
    bases = dict.fromkeys(base for found in _BASE.findall(code) if (base := found.rstrip("/")))
    made = (f"{base}{path}".rstrip("/") for base in list(bases)[:_MOST_BASES] for path in paths)
    return tuple(dict.fromkeys(made))[: _MOST * 2]


def _worth_asking(
    usual: Sequence[str], code: str, about: re.Pattern[str], routed: Iterable[str] = ()
) -> tuple[str, ...]:
    mentioned = (path for path in _LITERAL.findall(code) if about.search(path))
    found = (path for path in (*usual, *mentioned, *routed) if "//" not in path)
    return tuple(dict.fromkeys(found))[:_MOST]


def _routed(code: str, method: str) -> Iterator[str]:
    """The paths that the code gives to a router for this method."""
    found = _ROUTED.findall(code)
    return (path for first, second, path in found if (first or second).lower() in {method, "all"})
