"""Probes of what a stranger may try: unknown paths, other origins, methods that nobody needs."""

from __future__ import annotations

from backstop.discord import payloads
from backstop.model.http import Request
from backstop.observe.cors import FOREIGN
from backstop.observe.probe import Probe, Sending

NOWHERE = "/backstop/there-is-no-such-page"


def _not_found(sending: Sending) -> Request:
    return Request("GET", sending.url(NOWHERE))


def _from_elsewhere(sending: Sending) -> Request:
    path = sending.target.health.path if sending.target.health else NOWHERE
    return Request("GET", sending.url(path), (("Origin", FOREIGN),))


def _preflight(sending: Sending) -> Request:
    asked = ("Access-Control-Request-Method", "POST")
    return Request("OPTIONS", sending.interactions, (("Origin", FOREIGN), asked))


def _posted_from_elsewhere(sending: Sending) -> Request:
    body = payloads.encode(payloads.ping(sending.target.discord_application_id))
    headers = (("Content-Type", "application/json"), ("Origin", FOREIGN))
    return Request("POST", sending.interactions, headers, body)


NOT_FOUND = Probe("unknown path", _not_found)
FROM_ELSEWHERE = Probe("health, asked by a foreign page", _from_elsewhere)
PREFLIGHT = Probe("preflight of a foreign page", _preflight)
POSTED_FROM_ELSEWHERE = Probe("interaction, posted by a foreign page", _posted_from_elsewhere)
FOREIGN_PROBES = (FROM_ELSEWHERE, PREFLIGHT, POSTED_FROM_ELSEWHERE)

PROBES = (NOT_FOUND, *FOREIGN_PROBES)
