"""How a request is signed as Discord signs it, and all the ways in which somebody may sign it otherwise.

Each function makes the request of one row of ``forgeries``, or returns what makes it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from backstop.discord import payloads
from backstop.discord.signer import AGENT, SIGNATURE, TIMESTAMP, Signer
from backstop.model.http import Headers

GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493  # L, of Ed25519
OVERSIZE = 1024 * 1024 + 1
_JSON = ("Content-Type", "application/json")
_HEX_DIGITS = 128
_INPUTS, _INPUT = 5, 4000


@dataclass(frozen=True, slots=True)
class Forged:
    """A request to the interactions path, but for its address."""

    headers: Headers
    body: bytes
    method: str = "POST"


Make = Callable[[Signer, bytes], Forged]


def _now(shift: int = 0) -> str:
    return str(int(time.time()) + shift)


def _with(signature: str, timestamp: str, body: bytes) -> Forged:
    return Forged((_JSON, (SIGNATURE, signature), (TIMESTAMP, timestamp)), body)


def genuine(signer: Signer, body: bytes) -> Forged:
    """What Discord itself would send."""
    return Forged((_JSON, *signer.sign(body)), body)


def without(*missing: str) -> Make:
    """A genuine request but for the headers that it lacks."""

    def make(signer: Signer, body: bytes) -> Forged:
        return Forged((_JSON, *(pair for pair in signer.sign(body) if pair[0] not in missing)), body)

    return make


def emptied(*emptied: str) -> Make:
    """A genuine request but for the headers that are there, and say nothing."""

    def make(signer: Signer, body: bytes) -> Forged:
        pairs = tuple((name, "" if name in emptied else value) for name, value in signer.sign(body))
        return Forged((_JSON, *pairs), body)

    return make


def altered(alter: Callable[[str], str]) -> Make:
    """A genuine request but for the text of its signature."""

    def make(signer: Signer, body: bytes) -> Forged:
        (_, signature), (_, timestamp) = signer.sign(body)
        return _with(alter(signature), timestamp, body)

    return make


def signed(alter: Callable[[bytes], bytes]) -> Make:
    """A genuine request with another body."""

    def make(signer: Signer, body: bytes) -> Forged:
        return genuine(signer, alter(body))

    return make


def changed_after(alter: Callable[[bytes], bytes]) -> Make:
    """A body that was changed after it was signed."""

    def make(signer: Signer, body: bytes) -> Forged:
        return Forged((_JSON, *signer.sign(body)), alter(body))

    return make


def aged(shift: int) -> Make:
    """A genuine request, signed so many seconds from now; before now where that is negative."""

    def make(signer: Signer, body: bytes) -> Forged:
        return Forged((_JSON, *signer.sign(body, _now(shift))), body)

    return make


def method(method: str) -> Make:
    """A genuine request but for its method."""

    def make(signer: Signer, body: bytes) -> Forged:
        return Forged((_JSON, *signer.sign(body)), body, method)

    return make


def wrong_key(_signer: Signer, body: bytes) -> Forged:
    """Signed as Discord signs, but by somebody else."""
    return genuine(Signer.random(), body)


def forged(kind: payloads.Interaction, data: Mapping[str, object]) -> Make:
    """An interaction of another type, of somebody who has no key: nothing that a bot has is named in it."""

    def make(_signer: Signer, body: bytes) -> Forged:
        application = str(json.loads(body)["application_id"])
        sent = payloads.around({"type": kind.value, "data": dict(data)}, application)
        return genuine(Signer.random(), payloads.encode(sent))

    return make


def under_discords_name(signer: Signer, body: bytes) -> Forged:
    """A genuine request with the user agent of Discord."""
    return Forged((_JSON, ("User-Agent", AGENT), *signer.sign(body)), body)


def unsigned(_signer: Signer, body: bytes) -> Forged:
    """A body without any signature."""
    return Forged((_JSON,), body)


def unsigned_empty(_signer: Signer, _body: bytes) -> Forged:
    """Nothing at all."""
    return Forged((_JSON,), b"")


def other_timestamp(signer: Signer, body: bytes) -> Forged:
    """The signature is of a second ago, the timestamp of now."""
    signature = signer.signature(_now(-1).encode() + body).hex()
    return _with(signature, _now(), body)


def shifted_boundary(signer: Signer, body: bytes) -> Forged:
    """The signed bytes are those of Discord; only where the timestamp ends is another."""
    (_, signature), (_, timestamp) = signer.sign(body)
    return _with(signature, timestamp[:-1], timestamp[-1:].encode() + body)


def duplicate_headers(signer: Signer, body: bytes) -> Forged:
    """The genuine signature and a worthless one: whichever a bot reads, it must not pick."""
    genuine, timestamp = signer.sign(body)
    return Forged((_JSON, (SIGNATURE, "00" * 64), genuine, timestamp), body)


def last_digit(signature: str) -> str:
    """Another last digit: who compares only the beginning does not see it."""
    return f"{signature[:-1]}{int(signature[-1], 16) ^ 1:x}"


def small_order(signature: str) -> str:
    """R is the neutral element of the curve: a point of order one."""
    return "01" + "00" * 31 + signature[64:]


def malleable(signature: str) -> str:
    """S + L signs the same message for those who don't check that S is below L."""
    s = int.from_bytes(bytes.fromhex(signature[64:]), "little") + GROUP_ORDER
    return signature[:64] + s.to_bytes(32, "little").hex()


def lenient_digit(signer: Signer, body: bytes) -> Forged:
    """``0b`` written as ``bz``, which a digit-by-digit parser reads as eleven all the same."""
    for age in range(64):
        timestamp = _now(-age)
        signature = signer.signature(timestamp.encode() + body).hex()
        small = next((at for at in range(0, _HEX_DIGITS, 2) if signature[at] == "0"), None)
        if small is not None:
            lenient = f"{signature[:small]}{signature[small + 1]}z{signature[small + 2 :]}"
            return _with(lenient, timestamp, body)
    return altered(lambda genuine: f"{genuine[:-1]}z")(signer, body)


def wrong_type(signer: Signer, body: bytes) -> Forged:
    """A genuine request that says that it is plain text."""
    return Forged((("Content-Type", "text/plain"), *signer.sign(body)), body)


def forged_as(content_type: str) -> Make:
    """Signed by somebody else, and said to be something else than Discord's JSON; "" says nothing of it."""
    said = (("Content-Type", content_type),) if content_type else ()

    def make(_signer: Signer, body: bytes) -> Forged:
        return Forged((*said, *Signer.random().sign(body)), body)

    return make


def again(taken: Forged) -> Forged:
    """The same once more."""
    return taken


def by_another(taken: Forged) -> Forged:
    """What was taken, timestamp and all, with the signature of somebody else."""
    timestamp = dict(taken.headers)[TIMESTAMP]
    return replace(taken, headers=(_JSON, *Signer.random().sign(taken.body, timestamp)))


def at_another_time(taken: Forged) -> Forged:
    """What was taken, signature and all, with the timestamp of a second before."""
    headers = dict(taken.headers)
    return _with(headers[SIGNATURE], str(int(headers[TIMESTAMP]) - 1), taken.body)


def with_another_body(taken: Forged) -> Forged:
    """The signature and the timestamp of what was taken, over a body that differs by a space at its end."""
    return replace(taken, body=taken.body + b" ")


def oversize(_signer: Signer, body: bytes) -> Forged:
    """A body of more than one MiB, signed by somebody else: who is asked that much may not look at it all."""
    return genuine(Signer.random(), body[:-1] + b',"padding":"' + b"x" * OVERSIZE + b'"}')


def with_emoji(body: bytes) -> bytes:
    """The body with text beyond ASCII."""
    text = json.dumps({**json.loads(body), "locale": "zürich-東京-\U0001f6d1\U0001f3c1"}, ensure_ascii=False)
    return text.encode()


def long(body: bytes) -> bytes:
    """As long as a form whose five inputs are full: 4,000 characters each, by Discord's limits."""
    texts = ["x" * _INPUT] * _INPUTS
    return json.dumps({**json.loads(body), "texts": texts}, separators=(",", ":")).encode()


def of_unknown_type(body: bytes) -> bytes:
    """The body with a type that Discord has not."""
    return json.dumps({**json.loads(body), "type": 99}).encode()
