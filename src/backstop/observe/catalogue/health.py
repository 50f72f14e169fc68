"""Probes of the health path."""

from __future__ import annotations

from collections.abc import Callable

from backstop.model.http import Headers, Request
from backstop.observe.preflight import STRANGER
from backstop.observe.probe import Probe, Sending


def _to_health(method: str, headers: Headers = ()) -> Callable[[Sending], Request | None]:
    def make(sending: Sending) -> Request | None:
        health = sending.target.health
        return Request(method, sending.url(health.path), headers) if health else None

    return make


_ASKED = (("Origin", STRANGER), ("Access-Control-Request-Method", "GET"))

HEALTH = Probe("health", _to_health("GET"), usual=True)
HEALTH_AGAIN = Probe("health again", _to_health("GET"), times=2, usual=True)  # well after the first
HEAD = Probe("health, without a body", _to_health("HEAD"))
OPTIONS = Probe("health, which methods", _to_health("OPTIONS"))
CORS = Probe("health, asked for by a web page", _to_health("OPTIONS", _ASKED))

PROBES = (HEALTH, HEALTH_AGAIN, HEAD, OPTIONS, CORS)
