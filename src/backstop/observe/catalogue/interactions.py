"""Probes of the interactions path: genuine PINGs, and everything that only looks like one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from backstop.discord import payloads
from backstop.discord.forgeries import FORGERIES, Forgery
from backstop.discord.forging import Forged, Make, genuine
from backstop.model.http import Request
from backstop.observe.probe import Probe, Sending, Sequel

_GENUINE = frozenset({200})  # the answer to what Discord itself may send


def _made(make: Make, sending: Sending) -> Request:
    signer = sending.signer or sending.stranger
    body = payloads.encode(payloads.ping(sending.target.discord_application_id))
    forged = make(signer, body)
    return Request(forged.method, sending.interactions, forged.headers, forged.body)


def _altered(request: Request, alter: Callable[[Forged], Forged]) -> Request:
    forged = alter(Forged(request.headers, request.body, request.method))
    return replace(request, method=forged.method, headers=forged.headers, body=forged.body)


def _probe(forgery: Forgery) -> Probe:
    sequel = Sequel(TAKEN, partial(_altered, alter=forgery.sequel)) if forgery.sequel else None
    return Probe(
        forgery.title,
        partial(_made, forgery.make),
        forgery.needs_key,
        usual=forgery.right == _GENUINE,
        sequel=sequel,
    )


TAKEN = Probe("genuine PING, which others follow", partial(_made, genuine), needs_key=True, usual=True)
SIGNATURE_ROWS: tuple[Forgery, ...] = FORGERIES
FORGED = {forgery.name: _probe(forgery) for forgery in FORGERIES}
PING = FORGED["ping"]
UNSIGNED = FORGED["unsigned"]
PUT = FORGED["put"]

PROBES = tuple(FORGED.values())
