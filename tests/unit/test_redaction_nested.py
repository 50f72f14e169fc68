"""Secrets that are escaped within what is escaped, broken over lines, or written in two bytes a letter."""

from __future__ import annotations

import base64
import html
import json
import pprint
import textwrap
from collections.abc import Callable
from itertools import product
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.redaction import Redactor
from backstop.spellings import PIECE

_SHOWN = "[redacted API_KEY]"
SECRETS = (
    "s3cr3t/Value+With~Odd=Bits&42",
    "A/9+C/8=E/7+G/6qR'w\"xY",
    "q\\9\nb'8\"c dQ&7<e>\tfZ",
    "пароль-Ж9x-é8q-Z7",
    "Zq8\"Wk3\\Vn7/Tm2'Lp5&Xd4",
)

WRITERS: dict[str, Callable[[str], str]] = {
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON with letters": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "JSON with slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "Python text": lambda text: repr(text)[1:-1],
    "HTML": html.escape,
    "address": lambda text: quote(text, safe=""),
}
_PAIRS = tuple(product(WRITERS, repeat=2))
_THRICE = (
    ("JSON", "JSON", "JSON"),
    ("address", "address", "address"),
    ("JSON", "JSON", "HTML"),
    ("Python text", "JSON", "JSON"),
)


def _knowing(secret: str) -> Redactor:
    redactor = Redactor()
    redactor.register("API_KEY", secret)
    return redactor


def _written(text: str, order: tuple[str, ...]) -> str:
    for name in order:
        text = WRITERS[name](text)
    return text


@pytest.mark.parametrize(
    ("secret", "order"), [*product(SECRETS, _PAIRS), *product((SECRETS[0], *SECRETS[3:]), _THRICE)]
)
def test_what_is_escaped_again_is_found(secret: str, order: tuple[str, ...]) -> None:
    """The first one writes, the next writes what it wrote: no eight letters of the secret are left."""
    left = _knowing(secret).redact(f"\1{_written(secret, order)}\1")
    eights = {_written(secret[at : at + PIECE], order) for at in range(len(secret) - PIECE + 1)}

    assert _SHOWN in left
    assert [] == [eight for eight in eights if eight in left]


@pytest.mark.parametrize("order", [*_PAIRS, *_THRICE], ids="-".join)
@pytest.mark.parametrize(
    "text",
    [
        '{"name": "register", "channel": "100000000000000001", "path": "/api/v1/production/42"}',
        "https://bot.example.workers.dev/profile/steam?a=1&b=\"2\"&c='3'\\n",
        "the production worker serves 71570803-d6b0-4a51-b97f-42fadb8da7e1 at 100 % & is <b>well</b>",
        "C:\\Users\\production\\bot\\src\\index.ts",
    ],
)
def test_evidence_that_is_escaped_stays_readable(text: str, order: tuple[str, ...]) -> None:
    """A secret that holds a word, a path or nothing but signs beside letters takes none of them away."""
    redactor = _knowing('x7~production~"9"&bot')
    for other in SECRETS:
        redactor.register("OTHER", other)

    assert _written(text, order) == redactor.redact(_written(text, order))


@pytest.mark.parametrize("prefix", ["", "u", "us", "user:"])
@pytest.mark.parametrize("coding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_two_bytes_a_letter_are_found(prefix: str, coding: str) -> None:
    """As they are, as Python and JSON show them, and in base64."""
    secret = SECRETS[4]
    raw = f"{prefix}{secret}!".encode(coding)
    as_text = raw.decode("latin-1")

    for written in (as_text, repr(raw), json.dumps(as_text), json.dumps(json.dumps(as_text))):
        assert _SHOWN in _knowing(secret).redact(written)
    encoded = base64.b64encode(raw).decode()
    assert _SHOWN in _knowing(secret).redact(encoded)
    assert encoded[16:48] not in _knowing(secret).redact(encoded)


def test_what_holds_nothing_of_a_secret_stays_as_wide_as_it_is() -> None:
    """Evidence in two bytes a letter is not touched."""
    text = "nothing to be hidden here".encode("utf-16-le").decode("latin-1")

    assert text == _knowing(SECRETS[4]).redact(text)


_LONG = "Zq8Wk3Vn7Tm2Lp5Xd4Rb9Yc6Hs1Jf0Gt3Nv8Kw2Mz5Pq7"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\n    ", "\nE    ", "\\n", "\\\\n", "'\n b'", '"\n  "'])
@pytest.mark.parametrize("width", range(PIECE, 20))
def test_a_secret_that_is_broken_over_lines_is_found_whole(width: int, ending: str) -> None:
    """Also what stands alone on its first or last line, if one of them holds eight letters."""
    for before in range(0, width, 3):
        whole = "-" * before + _LONG
        broken = ending.join(whole[at : at + width] for at in range(0, len(whole), width))

        assert f"{'-' * before}{_SHOWN}" == _knowing(_LONG).redact(broken)


def test_lines_after_a_secret_stay_as_they_are() -> None:
    """Only what goes on with the secret is taken from them."""
    text = f"token:\n{_LONG}\nstatus: 200\n{_LONG[:12]}\nend"

    assert f"token:\n{_SHOWN}\nstatus: 200\n{_SHOWN}\nend" == _knowing(_LONG).redact(text)


@given(st.integers(PIECE + 1, 100))
def test_what_python_breaks_is_found(width: int) -> None:
    """Its own way to print bytes breaks them every few letters, that of text where a line is full."""
    shown = pprint.pformat(_LONG.encode(), width=width + 8)
    folded = "\n".join(textwrap.wrap(_LONG, width))

    for text in (shown, folded):
        left = _knowing(_LONG).redact(text)
        assert _SHOWN in left
        assert not any(_LONG[at : at + 4] in left for at in range(len(_LONG) - 3))
