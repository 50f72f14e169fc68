"""What a signed endpoint must survive: one row for each way in which a request can be wrong, or right.

A row makes a request from a signer (the bot's own key where the row ``needs_key``, else any) and the
body of a PING. ``right`` are the statuses that are right; ``tolerated`` are those of bots that are
less strict without being open to a forger. A row with a ``sequel`` is about what a bot remembers: what it
makes is genuine and is sent first, and what follows is made of that, and judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backstop.discord import forging, payloads
from backstop.discord.forging import Forged, Make
from backstop.discord.signer import SIGNATURE, TIMESTAMP

_STALE_S = 24 * 3600
_HEX_DIGITS = 128
_NOBODYS = "backstop-no-such-thing"  # the name of a command, and the id of a button and a form, of no bot


@dataclass(frozen=True, slots=True)
class Forgery:
    """One row. ``name`` is stable: it is the end of a check's id.

    ``weighs`` is its severity, where that does not follow from what is right.
    """

    name: str
    title: str
    right: frozenset[int]
    make: Make
    tolerated: frozenset[int] = frozenset()
    needs_key: bool = False
    sequel: Callable[[Forged], Forged] | None = None
    weighs: str = ""


_401 = frozenset({401})
_400 = frozenset({400})
_405 = frozenset({405})
_200 = frozenset({200})
DECLINED = frozenset({401, 403, 404, 501})  # a wrong method is declined so by many routers, which do no harm

# Interactions that are no PING: the end of a row's name, words, the type, and what no bot has.
OTHER_TYPES: tuple[tuple[str, str, payloads.Interaction, Mapping[str, object]], ...] = (
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
_OTHER_CONTENT_TYPES = (
    ("as_text", "as plain text", "text/plain"),
    ("as_form", "as a form", "application/x-www-form-urlencoded"),
    ("untyped", "without a content type", ""),
    ("with_charset", "as JSON with a charset", "application/json; charset=utf-8"),
)
# Nobody is let in by it, and Discord itself sends no such thing.
_OTHER_REFUSALS = frozenset({401, 403, 404, 406, 415, 422, 501})
# Who declines such a type, in any of the usual words, lets nobody in.
_REFUSED_TYPE = frozenset({400, 401, 403, 406, 415, 422})

FORGERIES: tuple[Forgery, ...] = (
    Forgery("no_signature", "signature header missing", _401, forging.without(SIGNATURE)),
    Forgery("no_timestamp", "timestamp header missing", _401, forging.without(TIMESTAMP)),
    Forgery("unsigned", "PING without signature and timestamp", _401, forging.unsigned),
    Forgery("unsigned_empty", "empty body without signature and timestamp", _401, forging.unsigned_empty),
    Forgery("empty_signature", "signature header empty", _401, forging.emptied(SIGNATURE)),
    Forgery("empty_timestamp", "timestamp header empty", _401, forging.emptied(TIMESTAMP)),
    Forgery("empty_headers", "both headers empty", _401, forging.emptied(SIGNATURE, TIMESTAMP)),
    Forgery("not_hex", "signature not hex", _401, forging.altered(lambda _: "z" * _HEX_DIGITS)),
    # without its last digit it is the genuine one to a lenient parser wherever that digit is a zero
    Forgery("odd_hex", "signature of odd length", _401, forging.altered(lambda s: s[1:])),
    Forgery("short", "signature of 63 bytes", _401, forging.altered(lambda s: s[:-2])),
    Forgery("long", "signature of 65 bytes", _401, forging.altered(lambda s: f"{s}00")),
    Forgery("all_zero", "signature of zeros", _401, forging.altered(lambda _: "00" * 64)),
    Forgery("small_order", "R of small order", _401, forging.altered(forging.small_order)),
    Forgery("wrong_key", "signed with another key", _401, forging.wrong_key),
    *(
        Forgery(f"forged_{name}", f"{title}, signed with another key", _401, forging.forged(kind, data))
        for name, title, kind, data in OTHER_TYPES
    ),
    *(
        Forgery(
            f"forged_{name}",
            f"PING {title}, signed with another key",
            _REFUSED_TYPE,
            forging.forged_as(content_type),
            weighs="high",
        )
        for name, title, content_type in _OTHER_CONTENT_TYPES
    ),
    Forgery(
        "last_digit",
        "last digit of the signature changed",
        _401,
        forging.altered(forging.last_digit),
        needs_key=True,
    ),
    Forgery(
        "lenient_hex",
        "genuine signature followed by what is no hex",
        _401,
        forging.altered(lambda s: f"{s}zz"),
        needs_key=True,
    ),
    Forgery(
        "lenient_digit",
        "genuine signature with a digit that only a lenient parser reads",
        _401,
        forging.lenient_digit,
        tolerated=_200,
        needs_key=True,
    ),
    Forgery(
        "tampered",
        "one byte of the body changed after signing",
        _401,
        forging.changed_after(lambda body: body.replace(b"1", b"2", 1)),
        needs_key=True,
    ),
    Forgery(
        "white_space",
        "white space of the body changed after signing",
        _401,
        forging.changed_after(lambda body: body + b" "),
        needs_key=True,
    ),
    Forgery(
        "other_timestamp", "signature of another timestamp", _401, forging.other_timestamp, needs_key=True
    ),
    Forgery(
        "shifted_boundary",
        "last digit of the timestamp moved into the body",
        _401,
        forging.shifted_boundary,
        tolerated=_400 | _OTHER_REFUSALS,
        needs_key=True,
    ),
    Forgery("duplicate_headers", "two signature headers", _401, forging.duplicate_headers, needs_key=True),
    Forgery("stale", "signed a day ago", _401, forging.aged(-_STALE_S), tolerated=_200, needs_key=True),
    Forgery("future", "signed a day from now", _401, forging.aged(_STALE_S), tolerated=_200, needs_key=True),
    Forgery(
        "replay",
        "the same request again",
        _401,
        forging.genuine,
        tolerated=_200,
        needs_key=True,
        sequel=forging.again,
    ),
    *(
        Forgery(
            f"remembered_{name}",
            f"taken a moment ago, now with another {other}",
            _401,
            forging.genuine,
            needs_key=True,
            sequel=sequel,
        )
        for name, other, sequel in (
            ("message", "signature", forging.by_another),
            ("body", "timestamp", forging.at_another_time),
            ("signature", "body", forging.with_another_body),
        )
    ),
    Forgery(
        "malleable",
        "S + L signature",
        _401,
        forging.altered(forging.malleable),
        tolerated=_200,
        needs_key=True,
    ),
    Forgery(
        "not_json",
        "signed, but no JSON",
        _400,
        forging.signed(lambda body: body[:-1]),
        tolerated=_OTHER_REFUSALS,
        needs_key=True,
    ),
    Forgery(
        "empty_body",
        "signed, but empty",
        _400,
        forging.signed(lambda _: b""),
        tolerated=_OTHER_REFUSALS,
        needs_key=True,
    ),
    Forgery(
        "unknown_type",
        "signed, of an unknown type",
        _400,
        forging.signed(forging.of_unknown_type),
        tolerated=_OTHER_REFUSALS - {401, 403},  # which say that the signature is wrong
        needs_key=True,
    ),
    Forgery(
        "oversize",
        "a body of more than one MiB, signed with another key",
        frozenset({413, 401}),
        forging.oversize,
        tolerated=_400,
    ),
    Forgery(
        "wrong_content_type",
        "signed, as text/plain",
        frozenset({415, 401}),
        forging.wrong_type,
        tolerated=frozenset({200, 400}),
    ),
    Forgery("put", "PUT on the interactions path", _405, forging.method("PUT"), tolerated=DECLINED),
    Forgery("delete", "DELETE on the interactions path", _405, forging.method("DELETE"), tolerated=DECLINED),
    Forgery("ping", "genuine PING", _200, forging.genuine, needs_key=True),
    Forgery(
        "emoji", "genuine PING with UTF-8 and emoji", _200, forging.signed(forging.with_emoji), needs_key=True
    ),
    Forgery(
        "discords_name",
        "genuine PING under the user agent of Discord",
        _200,
        forging.under_discords_name,
        needs_key=True,
    ),
    Forgery(
        "upper_case", "genuine signature in upper case", _200, forging.altered(str.upper), needs_key=True
    ),
    Forgery(
        "long_text",
        "genuine PING as long as a form full of text",
        _200,
        forging.signed(forging.long),
        needs_key=True,
        weighs="low",
    ),
)
