"""The ways in which a secret is written on its way to a reader, in pieces by which each of them is known.

Texts are escaped by whoever passes them on, and what is escaped already is escaped again: JSON in JSON, an
address within an address, Python's way to show such a text. All of these write letter by letter, so that
only what stands near a letter that they change has to be written out.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

PIECE = 8
# Letters of the secret itself in a piece, beside escapes: a piece of escapes alone is in any text.
_LEAST_ONCE = 1
_LEAST_NESTED = 2
_LEAST_OF_A_WORD = 6

_HEX = re.compile(r"(?:[0-9a-f]{2})+", re.IGNORECASE)
_EVERYDAY = re.compile(r"(?<![a-z])[a-z]{8,14}(?![a-z])|[\d.:-]{8,}")
_CHANGED = re.compile(r"[^A-Za-z0-9_.~-]")
_WORD = re.compile(r"[a-z]+|[A-Z]+|\d+")
_PERCENT = re.compile(r"%[0-9A-F]{2}")
_NUMBERED = re.compile(r"\\u[0-9a-f]{4}")
# Of letters of ASCII only: what stands for another one tells as much as that.
_ESCAPE = re.compile(
    r"\\+(?:u00[0-7][0-9a-f]|x[0-7][0-9a-f]|[^A-Za-z0-9&%\\]|[nrt])?"
    r"|%(?:25)*26(?:amp%(?:25)*3B)*(?:%(?:25)*23(?:\d{1,3}|x[0-7]?[0-9a-f])|[a-z]{2,4})%(?:25)*3B"
    r"|%(?:25)*[0-7][0-9a-f]"
    r"|&(?:amp;)*(?:#(?:\d{1,3}|x[0-7]?[0-9a-f]);|[a-z]{2,4};)?",
    re.IGNORECASE,
)
_WEB = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&'"})

_Write = Callable[[str], str]


def pieces(part: str) -> set[str]:
    """All texts of eight letters by which a secret is known, however it is written."""
    found = {piece for form in {part, *_encoded(part)} for piece in _windows(form, 0)}
    found |= {piece for form in _once(part) for piece in _windows(form, _LEAST_ONCE)}
    for knot in _knots(part):
        found |= {piece for form in _nested(knot) for piece in _windows(form, _LEAST_NESTED)}
    return found


def _encoded(part: str) -> set[str]:
    """In base64 at each alignment; and a key in hexadecimal is the same key in capitals, and as its bytes."""
    forms = _base64_forms(part.encode(errors="surrogatepass"))
    forms |= _base64_forms(part.encode("utf-16-le", errors="surrogatepass"))
    if _HEX.fullmatch(part):
        forms |= {part.lower(), part.upper()} | _base64_forms(bytes.fromhex(part))
    return forms


def _once(part: str) -> set[str]:
    return {write(part) for write in _WRITERS} - {part}


def _nested(part: str) -> set[str]:
    """Escaped twice in every combination, and three times in those that are met."""
    once = {part} | _once(part)
    twice = {write(form) for write in _AROUND for form in once}
    return twice | {write(form) for write in (_json, _quoted) for form in twice}


def _knots(part: str) -> Iterator[str]:
    """What stands around letters that some way of writing changes, as far as a piece can reach."""
    end = begin = -1
    for found in _CHANGED.finditer(part):
        at = found.start()
        if end >= 0 and at - (PIECE - 1) > end:
            yield part[begin:end]
            begin = -1
        begin = max(0, at - PIECE + 1) if begin < 0 else begin
        end = at + PIECE
    if end >= 0:
        yield part[begin:end]


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _json_with_letters(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _json_for_pages(text: str) -> str:
    return json.dumps(text)[1:-1].translate(_WEB)


def _json_in_capitals(text: str) -> str:
    return _NUMBERED.sub(lambda found: f"\\u{found.group()[2:].upper()}", _json(text))


def _slashed(text: str) -> str:
    return _json(text).replace("/", "\\/")


def _slashed_with_letters(text: str) -> str:
    return _json_with_letters(text).replace("/", "\\/")


def _python(text: str) -> str:
    return repr(text)[1:-1]


def _python_in_ascii(text: str) -> str:
    return ascii(text)[1:-1]


def _bytes(text: str) -> str:
    return repr(text.encode(errors="surrogatepass"))[2:-1]


def _entities(text: str) -> str:
    return html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def _numbered_entities(text: str) -> str:
    return html.escape(text).encode("ascii", "xmlcharrefreplace").decode()


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _path(text: str) -> str:
    return quote(text, errors="surrogatepass")


def _form(text: str) -> str:
    return quote_plus(text, errors="surrogatepass")


def _in_small_letters(write: _Write) -> _Write:
    return lambda text: _PERCENT.sub(lambda found: found.group().lower(), write(text))


def _shell(text: str) -> str:
    return text.replace("'", "'\"'\"'")


def _header(text: str) -> str:
    """As a header comes out that is read as HTTP lays it down, byte by byte."""
    return text.encode(errors="surrogatepass").decode("latin-1")


_AROUND: tuple[_Write, ...] = (
    _json,
    _json_with_letters,
    _slashed,
    _python,
    html.escape,
    _entities,
    _quoted,
    _in_small_letters(_quoted),
)
_WRITERS: tuple[_Write, ...] = (
    *_AROUND,
    *(_path, _form, _in_small_letters(_path), _in_small_letters(_form)),
    *(_json_for_pages, _json_in_capitals, _slashed_with_letters),
    *(_python_in_ascii, _bytes, _numbered_entities, _shell, _header),
)


def _base64_forms(raw: bytes) -> set[str]:
    forms = set()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        # The characters at either end are shared with whatever stands beside the secret.
        inner = encoded[(0, 2, 3)[before] : len(encoded) - 1]
        forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    return forms


def _windows(form: str, least: int) -> Iterator[str]:
    """Every piece that is not part of an ordinary word or a number, and holds enough of the secret itself."""
    everyday = [match.span() for match in _EVERYDAY.finditer(form)]
    own = bytearray(b"\1" * len(form))
    if least:
        for escape in _ESCAPE.finditer(form):
            own[escape.start() : escape.end()] = bytes(escape.end() - escape.start())
    for at in range(len(form) - PIECE + 1):
        if any(start <= at and at + PIECE <= end for start, end in everyday):
            continue
        piece, telling = form[at : at + PIECE], own[at : at + PIECE]
        if not least or _tells(piece, telling, least):
            yield piece


def _tells(piece: str, telling: bytearray, least: int) -> bool:
    """Whether it could not be from an ordinary text that is written like this."""
    found = sum(telling)
    if found < least or found == PIECE:
        return found >= least
    letters = "".join(letter for letter, own in zip(piece, telling, strict=True) if own)
    return found >= _LEAST_OF_A_WORD or least < _LEAST_NESTED or not _WORD.fullmatch(letters)
