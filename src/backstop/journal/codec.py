"""Events to JSON lines and back. No I/O here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from sys import intern
from typing import Any, get_type_hints

from backstop.journal import events
from backstop.journal.chain import LINK
from backstop.journal.events import SCHEMA, Event
from backstop.journal.record import Record, Unknown

_LARGEST = 1e9  # seconds, some thirty years: more is damage
_SHORT = 64  # characters
_BOM = "\ufeff"  # some editors put it there
_LARGEST_INTEGER = 2**53  # beyond it, JSON of other makes loses digits
_PLACE = ("n", "at", "t", "kind")

KINDS: Mapping[str, type[Event]] = {
    value.kind: value
    for value in vars(events).values()
    if isinstance(value, type) and issubclass(value, Event) and value is not Event
}


_HINTS = {
    kind: {field.name: get_type_hints(event)[field.name] for field in fields(event)}
    for kind, event in KINDS.items()
}
_NEEDED = {
    kind: {f.name for f in fields(event) if f.default is MISSING and f.default_factory is MISSING}
    for kind, event in KINDS.items()
}


class LineError(ValueError):
    """Raised when a line is JSON but no event of this schema; the message says why."""


def members(event: Event) -> dict[str, Any]:
    """The fields of an event by name, as they are."""
    return {name: getattr(event, name) for name in _HINTS[event.kind]}


def to_line(record: Record) -> str:
    """One line of a journal, with its end.

    Raises ValueError for a number that is not finite.
    """
    place = {"n": record.n, "at": stamp(record.at), "t": round(record.t, 6), "kind": record.event.kind}
    chain = {"chain": record.chain} if record.chain else {}
    return json.dumps(place | members(record.event) | chain, ensure_ascii=False, allow_nan=False) + "\n"


def from_line(line: bytes, *, newer: bool = False) -> Record:
    """Read one line back. Raises ValueError when it is no event.

    ``newer`` says that the journal's schema is newer than ours: what we don't know is then kept as
    Unknown or passed over.
    """
    raw = _DECODER.decode(line.decode(errors="surrogatepass").removeprefix(_BOM))
    if not isinstance(raw, dict):
        message = "not a JSON object"
        raise LineError(message)
    newer = newer or (_is_integer(raw.get("schema")) and raw["schema"] > SCHEMA)
    n, at, t, kind = (raw.pop(name, None) for name in _PLACE)
    return Record(
        n=_typed(int, n, "n"),
        at=_moment(_typed(str, at, "at")),
        t=_typed(float, t, "t"),
        chain=_chain(raw.pop("chain", "")),
        event=_event(_typed(str, kind, "kind"), raw, newer=newer),
    )


def stamp(at: datetime) -> str:
    """A moment as journals write it: UTC with milliseconds and a Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        message = f"the time {text!r} names no zone"
        raise LineError(message)
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        message = f"the time {text!r} has no place in UTC"
        raise LineError(message) from error


def _chain(raw: Any) -> str:
    chain: str = _typed(str, raw, "chain")
    if chain and not LINK.fullmatch(chain):
        message = "its chain is no SHA-256"
        raise LineError(message)
    return chain


def _event(kind: str, raw: dict[str, Any], *, newer: bool) -> Event:
    event = KINDS.get(kind)
    if event is None and newer:
        return Unknown(kind, raw)
    if event is None:
        message = f"no kind of line is called {kind!r}"
        raise LineError(message)
    given = _arguments(kind, raw)
    if len(given) < len(raw) and not newer:
        message = f"{kind} has no {', '.join(sorted(raw.keys() - given.keys()))}"
        raise LineError(message)
    return event(**given)


def _arguments(kind: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, hint in _HINTS[kind].items():
        if name in raw:
            found = raw[name]
            given[name] = _known(found) if hint is str and type(found) is str else _typed(hint, found, name)
        elif name in _NEEDED[kind]:
            message = f"{kind} lacks {name}"
            raise LineError(message)
    return given


def _known(text: str) -> str:
    """The same text; short ones, such as ids and titles, are kept once for all lines that have them."""
    return intern(text) if len(text) <= _SHORT else text


def _typed(hint: Any, raw: Any, name: str) -> Any:
    """``raw`` as the annotation wants it. Raises LineError when it is something else."""
    accepts, convert = _READERS[hint]
    if not accepts(raw):
        found = "too large" if type(raw) is hint else type(raw).__name__
        message = f"{name} is {found}, wanted {getattr(hint, '__name__', hint)}"
        raise LineError(message)
    return convert(raw)


def _same(raw: Any) -> Any:
    return raw


def _is_integer(raw: Any) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) <= _LARGEST_INTEGER


def _is_number(raw: Any) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool) and -_LARGEST < raw < _LARGEST


def _no_constant(name: str) -> Any:
    message = f"{name} is no number of JSON"
    raise LineError(message)


def _is_text(raw: Any) -> bool:
    return isinstance(raw, str)


def _is_texts(raw: Any) -> bool:
    return isinstance(raw, list) and all(map(_is_text, raw))


def _is_numbers(raw: Any) -> bool:
    return isinstance(raw, list) and all(map(_is_number, raw))


def _is_integers(raw: Any) -> bool:
    return isinstance(raw, list) and all(map(_is_integer, raw))


def _is_map_of(accepts: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda raw: isinstance(raw, dict) and all(map(accepts, raw.values()))


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
_READERS: dict[Any, tuple[Callable[[Any], bool], Callable[[Any], Any]]] = {
    str: (_is_text, _same),
    bool: (lambda raw: isinstance(raw, bool), _same),
    int: (_is_integer, _same),
    float: (_is_number, float),
    tuple[str, ...]: (_is_texts, tuple),
    tuple[int, ...]: (_is_integers, tuple),
    tuple[float, ...]: (_is_numbers, lambda raw: tuple(map(float, raw))),
    dict[str, int]: (_is_map_of(_is_integer), _same),
    dict[str, str]: (_is_map_of(_is_text), _same),
    dict[str, float]: (_is_map_of(_is_number), _same),
}
