"""The one place that takes secrets out of text.

Known secrets are found in pieces of eight characters or more, because output gets truncated, and in
the encodings in which they travel. Credentials that nobody registered are found by their shape.
What a reader needs stays: ids, UUIDs, public keys, hosts, ordinary words and numbers.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from backstop.spellings import PIECE, pieces

_QUAD = 4
_STEP = PIECE - _QUAD + 1
_WINDOW = 64 * 1024  # characters

_DISCORD_TOKEN = re.compile(r"[A-Za-z0-9_-]{17,30}\.([A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,45})")
_HEX_DIGITS = re.compile(r"[0-9a-f]+", re.IGNORECASE)
_NUMBER_OR_WORD = re.compile(r"[\d.,:_-]+|[A-Za-z]?[a-z]{0,14}")
_SCHEME = re.compile(r"(?:Bearer|Bot|Basic) +", re.IGNORECASE)
_UNSAFE_IN_NAME = re.compile(r"[^A-Za-z0-9_. :/-]")

# Between the lines of a text that was broken where a line was full; Python's own way closes quotes there.
_BREAK = r"[\"']?[ \t]*(?:\r?\n|(?:\\+r)?\\+n)[ \t]*(?:[E>|│+?-] *){0,3}(?:b?[\"'])?"
_AFTER = re.compile(_BREAK)
_BEFORE = re.compile(_BREAK + r"\Z")
_LONGEST_BREAK = 80
# Of two bytes a letter, as Windows writes, read by somebody who expects one.
_NOTHING = r"(?:\0|\\+(?:x00|u0000))"
_WIDE = re.compile(rf"(?:[^\0\\]{_NOTHING}){{{PIECE},}}")
_NOTHINGS = re.compile(_NOTHING)

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
        found = {piece for part in parts for piece in pieces(part)}
        with self._lock:
            known = {**dict.fromkeys(found, shown), **self._known.pieces}
            self._known = _Known(
                known, self._known.quads | {quad for piece in found for quad in _quads(piece)}
            )

    def redact(self, text: str) -> str:
        """The text without anything that is known or looks to be a credential."""
        cleaned = self._without_wide(_without(text, self._known, self._least_hex))
        for shape in SHAPES:
            cleaned = shape.hide(cleaned)
        return cleaned

    def _without_wide(self, text: str) -> str:
        if not any(sign in text for sign in ("\0", "\\x00", "\\u0000")):
            return text
        return _WIDE.sub(self._hide_wide, text)

    def _hide_wide(self, found: re.Match[str]) -> str:
        narrow = _NOTHINGS.sub("", found[0])
        cleaned = _without(narrow, self._known, self._least_hex)
        return found[0] if cleaned == narrow else cleaned


REDACTOR = Redactor()


def _without(text: str, known: _Known, least_hex: int) -> str:
    if not known.pieces:
        return text
    kept: list[str] = []
    end = 0
    for start, found_end, shown in _merged(_spans(text, known)):
        if found_end <= end:
            continue
        if found_end - start >= least_hex or not _HEX_DIGITS.fullmatch(text, start, found_end):
            kept += (text[end : max(end, _backward(text, start, known))], shown)
            end = _onward(text, found_end, known)
    return "".join((*kept, text[end:])) if kept else text


def _onward(text: str, end: int, known: _Known) -> int:
    """Where a secret that is known up to there really ends: perhaps on the next line."""
    tail, at = text[end - PIECE + 1 : end], end
    while gap := _AFTER.match(text, at):
        at = gap.end()
        while at < len(text) and tail + text[at] in known.pieces:
            tail = tail[1:] + text[at]
            end = at = at + 1
        if end != at:
            break
    return end


def _backward(text: str, start: int, known: _Known) -> int:
    """Where a secret that is known from there on really begins: perhaps on the line before."""
    head, at = text[start : start + PIECE - 1], start
    while gap := _BEFORE.search(text, max(0, at - _LONGEST_BREAK), at):
        at = gap.start()
        while at > 0 and text[at - 1] + head in known.pieces:
            head = text[at - 1] + head[:-1]
            start = at = at - 1
        if start != at:
            break
    return start


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


def _quads(piece: str) -> Iterator[str]:
    return (piece[at : at + _QUAD] for at in range(PIECE - _QUAD + 1))
