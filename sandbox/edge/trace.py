"""Trace events in Cloudflare's shape: the genuine ones, and those of requests that killed their process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from sandbox.edge.flight import Flight, Headers, Outcome
from sandbox.edge.script import Script

_COOKIES = frozenset({"cookie", "set-cookie"})
_SECRET = ("auth", "jwt", "key", "secret", "token")
_REDACTED = "REDACTED"
_REASONS = {
    Outcome.EXCEEDED_CPU: "Worker exceeded CPU time limit.",
    Outcome.EXCEEDED_MEMORY: "Worker exceeded memory limit.",
}
_LOG = ("message", "level", "timestamp")
_WHOLE = (
    "wallTime",
    "cpuTime",
    "truncated",
    "executionModel",
    "outcome",
    "scriptName",
    "scriptVersion",
    "diagnosticsChannelEvents",
    "exceptions",
    "logs",
    "eventTimestamp",
    "event",
)


def ray_of(event: Mapping[str, Any]) -> str:
    """The ray that the front proxy gave the request of an event; empty when it has none."""
    request = (event.get("event") or {}).get("request") or {}
    return str((request.get("headers") or {}).get("cf-ray", ""))


def complete(event: Mapping[str, Any], script: Script) -> dict[str, Any]:
    """The event as a tail shows it: with what workerd does not know of itself."""
    began = event.get("eventTimestamp")
    known = {
        "logs": [{key: log[key] for key in _LOG if key in log} for log in event.get("logs") or ()],
        "scriptName": script.worker,
        "scriptVersion": {"id": script.version_id},
        "wallTime": max(0, _now_ms() - began) if isinstance(began, int) else 0,
    }
    whole = {**event, **known}
    return {key: whole[key] for key in _WHOLE if key in whole}


def of_death(flight: Flight, outcome: Outcome) -> dict[str, Any]:
    """The event of a request whose process ended before it could tell of it."""
    message = _REASONS.get(outcome, "The worker's process ended.")
    return {
        "cpuTime": round(max(0.0, flight.charge) * 1000),
        "truncated": False,
        "executionModel": "stateless",
        "outcome": outcome.value,
        "diagnosticsChannelEvents": [],
        "exceptions": [{"name": "Error", "message": message, "timestamp": _now_ms()}],
        "logs": [],
        "eventTimestamp": flight.began_ms,
        "event": {"request": _request(flight)},
    }


def _request(flight: Flight) -> dict[str, Any]:
    return {"url": flight.url, "method": flight.method, "headers": _redacted(flight.headers), "cf": {}}


def _redacted(headers: Headers) -> dict[str, str]:
    """Headers as a tail shows them: lower-case names, merged, without credentials."""
    merged: dict[str, str] = {}
    for name, value in sorted((name.lower(), value) for name, value in headers):
        merged[name] = f"{merged[name]}, {value}" if name in merged else value
    return {name: _REDACTED if _is_secret(name) else value for name, value in merged.items()}


def _is_secret(name: str) -> bool:
    return name in _COOKIES or any(part in name for part in _SECRET)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
