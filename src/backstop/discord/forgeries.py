"""What a signed endpoint must survive: one row for each way in which a request can be wrong, or right.

A row makes a request from a signer (the bot's own key where the row ``needs_key``, else any) and the
body of a PING. ``right`` are the statuses that are right; ``tolerated`` are those of bots that are
less strict without being open to a forger.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backstop.discord import payloads
from backstop.discord.signer import AGENT, SIGNATURE, TIMESTAMP, Signer
from backstop.model.http import Headers

GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493  # L, of Ed25519
OVERSIZE = 1024 * 1024 + 1
_STALE_S = 24 * 3600
_JSON = ("Content-Type", "application/json")
_HEX_DIGITS = 128
_NOBODYS = "backstop-no-such-thing"  # the name of a command, and the id of a button and a form, of no bot


@dataclass(frozen=True, slots=True)
class Forged:
    """A request to the interactions path, but for its address; to be sent ``times`` times."""

    headers: Headers
    body: bytes
    method: str = "POST"
    times: int = 1


@dataclass(frozen=True, slots=True)
class Forgery:
    """One row. ``name`` is stable: it is the end of a check's id."""

    name: str
    title: str
    right: frozenset[int]
    make: Callable[[Signer, bytes], Forged]
    tolerated: frozenset[int] = frozenset()
    needs_key: bool = False


def _now(shift: int = 0) -> str:
    return str(int(time.time()) + shift)


def _with(signature: str, timestamp: str, body: bytes) -> Forged:
    return Forged((_JSON, (SIGNATURE, signature), (TIMESTAMP, timestamp)), body)


def _genuine(signer: Signer, body: bytes) -> Forged:
    return Forged((_JSON, *signer.sign(body)), body)


def _without(*missing: str) -> Callable[[Signer, bytes], Forged]:
    def make(signer: Signer, body: bytes) -> Forged:
        return Forged((_JSON, *(pair for pair in signer.sign(body) if pair[0] not in missing)), body)

    return make


def _emptied(*emptied: str) -> Callable[[Signer, bytes], Forged]:
    def make(signer: Signer, body: bytes) -> Forged:
        pairs = tuple((name, "" if name in emptied else value) for name, value in signer.sign(body))
        return Forged((_JSON, *pairs), body)

    return make


def _altered(alter: Callable[[str], str]) -> Callable[[Signer, bytes], Forged]:
    """A genuine request but for the text of its signature."""

    def make(signer: Signer, body: bytes) -> Forged:
        (_, signature), (_, timestamp) = signer.sign(body)
        return _with(alter(signature), timestamp, body)

    return make


def _signed(alter: Callable[[bytes], bytes]) -> Callable[[Signer, bytes], Forged]:
    """A genuine request with another body."""

    def make(signer: Signer, body: bytes) -> Forged:
        return _genuine(signer, alter(body))

    return make


def _changed_after(alter: Callable[[bytes], bytes]) -> Callable[[Signer, bytes], Forged]:
    """A body that was changed after it was signed."""

    def make(signer: Signer, body: bytes) -> Forged:
        return Forged((_JSON, *signer.sign(body)), alter(body))

    return make


def _aged(shift: int, times: int = 1) -> Callable[[Signer, bytes], Forged]:
    def make(signer: Signer, body: bytes) -> Forged:
        return Forged((_JSON, *signer.sign(body, _now(shift))), body, times=times)

    return make


def _method(method: str) -> Callable[[Signer, bytes], Forged]:
    def make(signer: Signer, body: bytes) -> Forged:
        return Forged((_JSON, *signer.sign(body)), body, method)

    return make


def _wrong_key(_signer: Signer, body: bytes) -> Forged:
    return _genuine(Signer.random(), body)


def _forged(kind: payloads.Interaction, data: Mapping[str, object]) -> Callable[[Signer, bytes], Forged]:
    """An interaction of another type, of somebody who has no key: nothing that a bot has is named in it."""

    def make(_signer: Signer, body: bytes) -> Forged:
        application = str(json.loads(body)["application_id"])
        sent = payloads.around({"type": kind.value, "data": dict(data)}, application)
        return _genuine(Signer.random(), payloads.encode(sent))

    return make


def _under_discords_name(signer: Signer, body: bytes) -> Forged:
    return Forged((_JSON, ("User-Agent", AGENT), *signer.sign(body)), body)


def _unsigned(_signer: Signer, body: bytes) -> Forged:
    return Forged((_JSON,), body)


def _unsigned_empty(_signer: Signer, _body: bytes) -> Forged:
    return Forged((_JSON,), b"")


def _other_timestamp(signer: Signer, body: bytes) -> Forged:
    signature = signer.signature(_now(-1).encode() + body).hex()
    return _with(signature, _now(), body)


def _shifted_boundary(signer: Signer, body: bytes) -> Forged:
    """The signed bytes are those of Discord; only where the timestamp ends is another."""
    (_, signature), (_, timestamp) = signer.sign(body)
    return _with(signature, timestamp[:-1], timestamp[-1:].encode() + body)


def _duplicate_headers(signer: Signer, body: bytes) -> Forged:
    """The genuine signature and a worthless one: whichever a bot reads, it must not pick."""
    genuine, timestamp = signer.sign(body)
    return Forged((_JSON, (SIGNATURE, "00" * 64), genuine, timestamp), body)


def _last_digit(signature: str) -> str:
    """Another last digit: who compares only the beginning does not see it."""
    return f"{signature[:-1]}{int(signature[-1], 16) ^ 1:x}"


def _small_order(signature: str) -> str:
    """R is the neutral element of the curve: a point of order one."""
    return "01" + "00" * 31 + signature[64:]


def _malleable(signature: str) -> str:
    """S + L signs the same message for those who don't check that S is below L."""
    s = int.from_bytes(bytes.fromhex(signature[64:]), "little") + GROUP_ORDER
    return signature[:64] + s.to_bytes(32, "little").hex()


def _lenient_digit(signer: Signer, body: bytes) -> Forged:
    """``0b`` written as ``bz``, which a digit-by-digit parser reads as eleven all the same."""
    for age in range(64):
        timestamp = _now(-age)
        signature = signer.signature(timestamp.encode() + body).hex()
        small = next((at for at in range(0, _HEX_DIGITS, 2) if signature[at] == "0"), None)
        if small is not None:
            lenient = f"{signature[:small]}{signature[small + 1]}z{signature[small + 2 :]}"
            return _with(lenient, timestamp, body)
    return _altered(lambda genuine: f"{genuine[:-1]}z")(signer, body)


def _wrong_type(signer: Signer, body: bytes) -> Forged:
    return Forged((("Content-Type", "text/plain"), *signer.sign(body)), body)


def _padded(body: bytes) -> bytes:
    return body[:-1] + b',"padding":"' + b"x" * OVERSIZE + b'"}'


def _with_emoji(body: bytes) -> bytes:
    text = json.dumps({**json.loads(body), "locale": "zürich-東京-\U0001f6d1\U0001f3c1"}, ensure_ascii=False)
    return text.encode()


def _of_unknown_type(body: bytes) -> bytes:
    return json.dumps({**json.loads(body), "type": 99}).encode()


_401 = frozenset({401})
_400 = frozenset({400})
_405 = frozenset({405})
_200 = frozenset({200})
DECLINED = frozenset({401, 403, 404, 501})  # a wrong method is declined so by many routers, which do no harm

_OTHER_TYPES: tuple[tuple[str, str, payloads.Interaction, Mapping[str, object]], ...] = (
    ("command", "slash command", payloads.Interaction.COMMAND, {"type": 1, "name": _NOBODYS}),
    ("button", "button", payloads.Interaction.COMPONENT, {"component_type": 2, "custom_id": _NOBODYS}),
    (
        "suggestion",
        "request for suggestions",
        payloads.Interaction.AUTOCOMPLETE,
        {"type": 1, "name": _NOBODYS, "options": [{"name": "text", "type": 3, "value": "", "focused": True}]},
    ),
    ("form", "form", payloads.Interaction.MODAL, {"custom_id": _NOBODYS, "components": []}),
)

FORGERIES: tuple[Forgery, ...] = (
    Forgery("no_signature", "signature header missing", _401, _without(SIGNATURE)),
    Forgery("no_timestamp", "timestamp header missing", _401, _without(TIMESTAMP)),
    Forgery("unsigned", "PING without signature and timestamp", _401, _unsigned),
    Forgery("unsigned_empty", "empty body without signature and timestamp", _401, _unsigned_empty),
    Forgery("empty_signature", "signature header empty", _401, _emptied(SIGNATURE)),
    Forgery("empty_timestamp", "timestamp header empty", _401, _emptied(TIMESTAMP)),
    Forgery("empty_headers", "both headers empty", _401, _emptied(SIGNATURE, TIMESTAMP)),
    Forgery("not_hex", "signature not hex", _401, _altered(lambda _: "z" * _HEX_DIGITS)),
    # without its last digit it is the genuine one to a lenient parser wherever that digit is a zero
    Forgery("odd_hex", "signature of odd length", _401, _altered(lambda s: s[1:])),
    Forgery("short", "signature of 63 bytes", _401, _altered(lambda s: s[:-2])),
    Forgery("long", "signature of 65 bytes", _401, _altered(lambda s: f"{s}00")),
    Forgery("all_zero", "signature of zeros", _401, _altered(lambda _: "00" * 64)),
    Forgery("small_order", "R of small order", _401, _altered(_small_order)),
    Forgery("wrong_key", "signed with another key", _401, _wrong_key),
    *(
        Forgery(f"forged_{name}", f"{title}, signed with another key", _401, _forged(kind, data))
        for name, title, kind, data in _OTHER_TYPES
    ),
    Forgery(
        "last_digit",
        "last digit of the signature changed",
        _401,
        _altered(_last_digit),
        needs_key=True,
    ),
    Forgery(
        "lenient_hex",
        "genuine signature followed by what is no hex",
        _401,
        _altered(lambda s: f"{s}zz"),
        needs_key=True,
    ),
    Forgery(
        "lenient_digit",
        "genuine signature with a digit that only a lenient parser reads",
        _401,
        _lenient_digit,
        tolerated=_200,
        needs_key=True,
    ),
    Forgery(
        "tampered",
        "one byte of the body changed after signing",
        _401,
        _changed_after(lambda body: body.replace(b"1", b"2", 1)),
        needs_key=True,
    ),
    Forgery(
        "white_space",
        "white space of the body changed after signing",
        _401,
        _changed_after(lambda body: body + b" "),
        needs_key=True,
    ),
    Forgery("other_timestamp", "signature of another timestamp", _401, _other_timestamp, needs_key=True),
    Forgery(
        "shifted_boundary",
        "last digit of the timestamp moved into the body",
        _401,
        _shifted_boundary,
        tolerated=_400,
        needs_key=True,
    ),
    Forgery("duplicate_headers", "two signature headers", _401, _duplicate_headers, needs_key=True),
    Forgery("stale", "signed a day ago", _401, _aged(-_STALE_S), tolerated=_200, needs_key=True),
    Forgery("future", "signed a day from now", _401, _aged(_STALE_S), tolerated=_200, needs_key=True),
    Forgery("replay", "the same request again", _401, _aged(0, times=2), tolerated=_200, needs_key=True),
    Forgery("malleable", "S + L signature", _401, _altered(_malleable), tolerated=_200, needs_key=True),
    Forgery(
        "not_json",
        "signed, but no JSON",
        _400,
        _signed(lambda body: body[:-1]),
        tolerated=_401,
        needs_key=True,
    ),
    Forgery(
        "empty_body",
        "signed, but empty",
        _400,
        _signed(lambda _: b""),
        tolerated=_401,
        needs_key=True,
    ),
    Forgery("unknown_type", "signed, of an unknown type", _400, _signed(_of_unknown_type), needs_key=True),
    Forgery(
        "oversize",
        "a body of more than one MiB",
        frozenset({413, 401}),
        _signed(_padded),
        tolerated=frozenset({200, 400}),
    ),
    Forgery(
        "wrong_content_type",
        "signed, as text/plain",
        frozenset({415, 401}),
        _wrong_type,
        tolerated=frozenset({200, 400}),
    ),
    Forgery("put", "PUT on the interactions path", _405, _method("PUT"), tolerated=DECLINED),
    Forgery("delete", "DELETE on the interactions path", _405, _method("DELETE"), tolerated=DECLINED),
    Forgery("ping", "genuine PING", _200, _genuine, needs_key=True),
    Forgery("emoji", "genuine PING with UTF-8 and emoji", _200, _signed(_with_emoji), needs_key=True),
    Forgery(
        "discords_name",
        "genuine PING under the user agent of Discord",
        _200,
        _under_discords_name,
        needs_key=True,
    ),
    Forgery("upper_case", "genuine signature in upper case", _200, _altered(str.upper), needs_key=True),
)
