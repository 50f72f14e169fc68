"""The one place that takes secrets out of text.

Known secrets are found in pieces of eight characters or more, because output gets truncated, and in
the encodings in which they travel. Credentials that nobody registered are found by their shape.
What a reader needs stays: ids, UUIDs, public keys, hosts, ordinary words and numbers.
"""

from __future__ import annotations

import base64
import html
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

PIECE = 8
_QUAD = 4
_STEP = PIECE - _QUAD + 1
_WINDOW = 64 * 1024  # characters

_DISCORD_TOKEN = re.compile(r"[A-Za-z0-9_-]{17,30}\.([A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,45})")
_HEX = re.compile(r"(?:[0-9a-f]{2})+", re.IGNORECASE)
_HEX_DIGITS = re.compile(r"[0-9a-f]+", re.IGNORECASE)
_NUMBER_OR_WORD = re.compile(r"[\d.,:_-]+|[A-Za-z]?[a-z]{0,14}")
_EVERYDAY = re.compile(r"(?<![a-z])[a-z]{8,14}(?![a-z])|[\d.:-]{8,}")
_PERCENT = re.compile(r"%[0-9A-F]{2}")
_SCHEME = re.compile(r"(?:Bearer|Bot|Basic) +", re.IGNORECASE)
_UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9_. :/-]")

_TOKEN = r"[A-Za-z0-9._~+/=-]"  # noqa: S105 - the alphabet of tokens, not one of them


@dataclass(frozen=True, slots=True)
class Shape:
    """How a credential looks, and what is shown in its place.

    ``sieve`` is quick, and falsy for a text in which the pattern does not occur. It is for patterns that
    don't begin with letters as they stand: those are slow to find.
    """

    pattern: re.Pattern[str]
    shown: str
    sieve: Callable[[str], object] = bool

    def hide(self, text: str) -> str:
        """The text without credentials of this shape."""
        return self.pattern.sub(self.shown, text) if self.sieve(text) else text


def _mentions(word: bytes, text: str) -> bool:
    """Whether a text has a word, in whatever mixture of capitals and small letters.

    No i, k or s may be in it: other letters than theirs are taken for them where case is ignored.
    Window by window: of bytes the case is folded many times sooner than of a text, but in a copy.
    """
    return any(
        word in text[at : at + _WINDOW + len(word)].encode(errors="surrogatepass").lower()
        for at in range(0, len(text), _WINDOW)
    )


# What must stand before the first letters is looked at after them: letters are searched for quickly, places
# where a word begins are not.
SHAPES = (
    Shape(
        re.compile(r"([MNO](?<!\w[MNO])[A-Za-z0-9_-]{16,29})\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,45}"),
        r"\1.[redacted Discord token]",
        sieve=re.compile(r"\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27}").search,
    ),
    Shape(re.compile(r"(/webhooks/\d{15,20}/)[A-Za-z0-9_-]{16,}"), r"\1[redacted webhook token]"),
    Shape(re.compile(r"(/interactions/\d{15,20}/)[A-Za-z0-9_-]{16,}"), r"\1[redacted interaction token]"),
    Shape(re.compile(r"(hooks\.slack\.com/services/)[A-Za-z0-9/]{16,}"), r"\1[redacted webhook token]"),
    Shape(
        re.compile(rf"(?i:(authorization[\"'\\]*\s*[:=]\s*[\"'\\]*(?:bearer|bot|basic)\s+)){_TOKEN}+"),
        r"\1[redacted credential]",
        sieve=partial(_mentions, b"author"),
    ),
    Shape(
        re.compile(rf"Bearer(?<!\wBearer) (?=[A-Za-z._~+/=-]*\d){_TOKEN}{{20,}}"),
        "Bearer [redacted credential]",
    ),
    Shape(re.compile(r"cf(?<!\wcf)(?:ut|at|k)_[A-Za-z0-9_-]{30,}"), "[redacted Cloudflare token]"),
    Shape(
        re.compile(
            r"(?i:(\bC(?:LOUDFLARE|F)_API_(?:TOKEN|KEY)[\"'\\]*\s*[:=]\s*[\"'\\]*))[A-Za-z0-9_-]{30,}"
        ),
        r"\1[redacted Cloudflare token]",
        sieve=re.compile("_[aA][pP]").search,
    ),
    Shape(
        re.compile(
            r"-----BEGIN ([A-Z ]*)PRIVATE KEY-----(?:[^-]|-(?!----)){1,8000}+-----END \1PRIVATE KEY-----"
        ),
        "[redacted private key]",
    ),
)
"""What nobody has to name: tokens and keys that are known by how they look, or where they stand."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The pieces of the known secrets. ``quads`` are parts of pieces: a quick first sieve."""

    pieces: Mapping[str, str] = field(default_factory=dict)
    quads: frozenset[str] = frozenset()


class Redactor:
    """Takes registered secrets and credential shapes out of text. Safe to share between threads.

    Fewer than ``least_hex`` hexadecimal digits of a secret are left alone: ids consist of nothing else, so
    that a few of them may happen to be alike.
    """

    def __init__(self, least_hex: int = PIECE) -> None:
        self._least_hex = least_hex
        self._known = _Known()
        self._lock = threading.Lock()

    def register(self, name: str, value: str) -> None:
        """Make ``value`` unreadable in every text from now on, as ``[redacted name]``.

        Of a Discord token only what follows the application's id is secret, of a URL not the host.
        A number, a short word or fewer than eight characters cannot be told from ordinary text and
        are left alone.
        """
        shown = f"[redacted {_UNSAFE_IN_NAME.sub('_', name)}]"
        parts = [part for part in _secret_parts(value.strip()) if _tellable(part)]
        found = {piece: shown for part in parts for form in _forms(part) for piece in _pieces(form)}
        with self._lock:
            pieces = {**found, **self._known.pieces}
            quads = frozenset(quad for piece in pieces for quad in _windows(piece, _QUAD))
            self._known = _Known(pieces, quads)

    def redact(self, text: str) -> str:
        """The text without anything that is known or looks to be a credential."""
        cleaned = _without(text, self._known, self._least_hex)
        for shape in SHAPES:
            cleaned = shape.hide(cleaned)
        return cleaned


REDACTOR = Redactor()


def _without(text: str, known: _Known, least_hex: int) -> str:
    if not known.pieces:
        return text
    kept: list[str] = []
    end = 0
    for start, found_end, shown in _merged(_spans(text, known)):
        if found_end - start >= least_hex or not _HEX_DIGITS.fullmatch(text, start, found_end):
            kept += (text[end:start], shown)
            end = found_end
    return "".join((*kept, text[end:])) if kept else text


def _merged(spans: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Spans that overlap or touch as one, with what the first of them is shown as."""
    begun: tuple[int, int, str] | None = None
    for start, end, shown in spans:
        if begun is not None and start <= begun[1]:
            begun = (begun[0], max(begun[1], end), begun[2])
            continue
        if begun is not None:
            yield begun
        begun = (start, end, shown)
    if begun is not None:
        yield begun


def _spans(text: str, known: _Known) -> Iterator[tuple[int, int, str]]:
    """Where pieces of known secrets stand, ascending; they may overlap.

    Every piece that occurs covers a position divisible by the step, from which four characters still
    lie within the piece. So only one position in five must be looked up.
    """
    for at in range(0, len(text) - _QUAD + 1, _STEP):
        if text[at : at + _QUAD] in known.quads:
            for start in range(max(0, at - _STEP + 1), at + 1):
                shown = known.pieces.get(text[start : start + PIECE])
                if shown:
                    yield start, start + PIECE, shown


def _secret_parts(whole: str) -> Iterable[str]:
    value = _SCHEME.sub("", whole, count=1) if _SCHEME.match(whole) else whole
    if token := _DISCORD_TOKEN.fullmatch(value):
        return (token[1],)
    if "://" not in value:
        return (value,)
    try:
        url = urlsplit(value)
    except ValueError:
        return (value,)
    userinfo = (url.username or "", url.password or "")
    return (*userinfo, *url.path.split("/"), *(each for _, each in parse_qsl(url.query)))


def _tellable(part: str) -> bool:
    return len(part) >= PIECE and not _NUMBER_OR_WORD.fullmatch(part)


def _forms(part: str) -> set[str]:
    """The ways in which a secret is written: as it is, escaped, and in base64 at each alignment."""
    forms = {part, *_in_urls(part), *_in_text(part)}
    if _HEX.fullmatch(part):
        forms |= {part.lower(), part.upper()} | _base64_forms(bytes.fromhex(part))
    return forms | _base64_forms(part.encode())


def _in_urls(part: str) -> Iterator[str]:
    """With the slash or without it, a space as a plus, and with digits of either case."""
    for quoted in {quote(part, safe=""), quote(part), quote_plus(part)}:
        yield quoted
        yield _PERCENT.sub(lambda found: found.group().lower(), quoted)


def _in_text(part: str) -> Iterator[str]:
    """As JSON writes it, in HTML and XML, and as Python shows text and bytes."""
    for written in (json.dumps(part), json.dumps(part, ensure_ascii=False), repr(part), ascii(part)):
        yield written[1:-1]
        yield written[1:-1].replace("/", "\\/")
    yield repr(part.encode())[2:-1]
    yield html.escape(part)
    yield html.escape(part).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def _base64_forms(raw: bytes) -> set[str]:
    forms = set()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        # The characters at either end are shared with whatever stands beside the secret.
        inner = encoded[(0, 2, 3)[before] : len(encoded) - 1]
        forms |= {inner, inner.replace("+", "-").replace("/", "_")}
    return forms


def _pieces(form: str) -> set[str]:
    """Every piece that is not part of an ordinary word or a number inside of the secret."""
    everyday = [match.span() for match in _EVERYDAY.finditer(form)]
    return {
        piece
        for at, piece in enumerate(_windows(form, PIECE))
        if not any(start <= at and at + PIECE <= end for start, end in everyday)
    }


def _windows(text: str, width: int) -> Iterator[str]:
    return (text[at : at + width] for at in range(len(text) - width + 1))
