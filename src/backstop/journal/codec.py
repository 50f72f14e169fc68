"""Events to JSON lines and back. No I/O here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from sys import intern
from typing import Any, TypeGuard, get_type_hints

from backstop.journal import events
from backstop.journal.chain import LINK
from backstop.journal.events import SCHEMA, Event
from backstop.journal.record import Record, Unknown

_LARGEST = 1e9  # seconds, some thirty years: more is damage
_SHORT = 64  # characters
_BOM = "\ufeff"  # some editors put it there
_LARGEST_INTEGER = 2**53  # beyond it, JSON of other makes loses digits

KINDS: Mapping[str, type[Event]] = {
    value.kind: value
    for value in vars(events).values()
    if isinstance(value, type) and issubclass(value, Event) and value is not Event
}


class LineError(ValueError):
    """Raised when a line is JSON but no event of this schema; the message says why."""


def members(event: Event) -> dict[str, Any]:
    """The fields of an event by name, as they are."""
    return {name: getattr(event, name) for name, _, _ in _FIELDS[event.kind]}


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
    return Record(
        n=_integer(raw.pop("n", None), "n"),
        at=_moment(_text(raw.pop("at", None), "at")),
        t=_number(raw.pop("t", None), "t"),
        chain=_chain(raw.pop("chain", "")),
        event=_event(_text(raw.pop("kind", None), "kind"), raw, newer=newer),
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
    chain = _text(raw, "chain")
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
    for name, read, is_needed in _FIELDS[kind]:
        if name in raw:
            given[name] = read(raw[name], name)
        elif is_needed:
            message = f"{kind} lacks {name}"
            raise LineError(message)
    return given


# Values come from JSON, so that each has exactly one of its types: a bool is no int here.


def _text(raw: Any, name: str) -> str:
    if type(raw) is not str:
        raise _unfit(str, raw, name)
    return raw


def _shared_text(raw: Any, name: str) -> str:
    """Short ones, such as ids and titles, are kept once for all lines that have them."""
    if type(raw) is not str:
        raise _unfit(str, raw, name)
    return intern(raw) if len(raw) <= _SHORT else raw


def _flag(raw: Any, name: str) -> bool:
    if type(raw) is not bool:
        raise _unfit(bool, raw, name)
    return raw


def _integer(raw: Any, name: str) -> int:
    if not _is_integer(raw):
        raise _unfit(int, raw, name)
    return raw


def _number(raw: Any, name: str) -> float:
    if not _is_number(raw):
        raise _unfit(float, raw, name)
    return float(raw)


def _is_text(raw: Any) -> TypeGuard[str]:
    return type(raw) is str


def _is_integer(raw: Any) -> TypeGuard[int]:
    return type(raw) is int and -_LARGEST_INTEGER <= raw <= _LARGEST_INTEGER


def _is_number(raw: Any) -> TypeGuard[float]:
    return (type(raw) is float or type(raw) is int) and -_LARGEST < raw < _LARGEST


def _list_of(hint: Any, accepts: Callable[[Any], bool], make: type) -> _Read:
    def read(raw: Any, name: str) -> tuple[Any, ...]:
        if type(raw) is not list or not all(map(accepts, raw)):
            raise _unfit(hint, raw, name)
        return tuple(map(make, raw))

    return read


def _map_of(hint: Any, accepts: Callable[[Any], bool]) -> _Read:
    def read(raw: Any, name: str) -> dict[str, Any]:
        if type(raw) is not dict or not all(map(accepts, raw.values())):
            raise _unfit(hint, raw, name)
        return raw

    return read


def _unfit(hint: Any, raw: Any, name: str) -> LineError:
    found = "too large" if type(raw) is hint else type(raw).__name__
    return LineError(f"{name} is {found}, wanted {getattr(hint, '__name__', hint)}")


def _no_constant(name: str) -> Any:
    message = f"{name} is no number of JSON"
    raise LineError(message)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
_Read = Callable[[Any, str], Any]  # a value of JSON, by the name of its field; raises LineError
_READERS: Mapping[Any, _Read] = {
    str: _shared_text,
    bool: _flag,
    int: _integer,
    float: _number,
    tuple[str, ...]: _list_of(tuple[str, ...], _is_text, str),
    tuple[int, ...]: _list_of(tuple[int, ...], _is_integer, int),
    tuple[float, ...]: _list_of(tuple[float, ...], _is_number, float),
    dict[str, int]: _map_of(dict[str, int], _is_integer),
    dict[str, str]: _map_of(dict[str, str], _is_text),
    dict[str, float]: _map_of(dict[str, float], _is_number),
}


def _fields(event: type[Event]) -> tuple[tuple[str, _Read, bool], ...]:
    """Of each field its name, how it is read, and whether it must be there."""
    hints = get_type_hints(event)
    return tuple(
        (each.name, _READERS[hints[each.name]], each.default is MISSING and each.default_factory is MISSING)
        for each in fields(event)
    )


_FIELDS = {kind: _fields(event) for kind, event in KINDS.items()}
