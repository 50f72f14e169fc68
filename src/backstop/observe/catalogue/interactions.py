"""Probes of the interactions path: genuine PINGs, and everything that only looks like one."""

from __future__ import annotations

from backstop.discord import payloads
from backstop.discord.forgeries import FORGERIES, Forgery
from backstop.model.http import Request
from backstop.observe.probe import Probe, Sending

_GENUINE = frozenset({200})  # the answer to what Discord itself may send


def _probe(forgery: Forgery) -> Probe:
    def make(sending: Sending) -> Request:
        signer = sending.signer or sending.stranger
        body = payloads.encode(payloads.ping(sending.target.discord_application_id))
        forged = forgery.make(signer, body)
        return Request(forged.method, sending.interactions, forged.headers, forged.body)

    again = 2 if forgery.name == "replay" else 1
    return Probe(forgery.title, make, forgery.needs_key, again, usual=forgery.right == _GENUINE)


SIGNATURE_ROWS: tuple[Forgery, ...] = FORGERIES
FORGED = {forgery.name: _probe(forgery) for forgery in FORGERIES}
PING = FORGED["ping"]
UNSIGNED = FORGED["unsigned"]
PUT = FORGED["put"]

PROBES = tuple(FORGED.values())
