"""Which trace events a tail wants, as its client said it in the API's words."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Event = Mapping[str, Any]
Filter = Callable[[Event], bool]


class BadFilter(ValueError):
    """Raised when a filter is of no known kind or has a value of the wrong type."""


def parse(filters: Sequence[Mapping[str, Any]]) -> Filter:
    """One test that an event passes when it passes all filters. Raises BadFilter."""
    tests = [_one(kind, value) for entry in filters for kind, value in entry.items()]
    return lambda event: all(test(event) for test in tests)


def _one(kind: str, value: Any) -> Filter:
    make = _KINDS.get(kind)
    if make is None:
        raise BadFilter(f"unknown tail filter {kind!r}; known are {', '.join(sorted(_KINDS))}")
    try:
        return make(value)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadFilter(f"tail filter {kind!r} cannot be {value!r}") from error


def _sampling(rate: Any) -> Filter:
    share, dice = float(rate), random.Random()  # noqa: S311 -- sampling, not secrecy
    return lambda _: dice.random() < share


def _methods(methods: Any) -> Filter:
    wanted = {method.upper() for method in methods}
    return lambda event: _request(event).get("method") in wanted


def _header(wanted: Any) -> Filter:
    key, query = wanted["key"].lower(), wanted.get("query") or ""
    return lambda event: query in _headers(event).get(key, "") if key in _headers(event) else False


def _client_ips(addresses: Any) -> Filter:
    # Every client of the sandbox is on loopback, so "self" is everybody.
    wanted = {"127.0.0.1" if address == "self" else str(address) for address in addresses}
    return lambda event: _headers(event).get("cf-connecting-ip") in wanted


def _text(query: Any) -> Filter:
    if not isinstance(query, str):
        raise TypeError
    return lambda event: any(query in text for text in _texts(event))


def _version(version: Any) -> Filter:
    return lambda event: (event.get("scriptVersion") or {}).get("id") == version


def _outcomes(outcomes: Any) -> Filter:
    wanted = {outcomes} if isinstance(outcomes, str) else set(outcomes)
    return lambda event: event.get("outcome") in wanted


def _texts(event: Event) -> list[str]:
    """What a worker said and threw."""
    said = [json.dumps(log.get("message"), ensure_ascii=False) for log in event.get("logs") or ()]
    return said + [str(thrown.get("message")) for thrown in event.get("exceptions") or ()]


def _request(event: Event) -> Mapping[str, Any]:
    return (event.get("event") or {}).get("request") or {}


def _headers(event: Event) -> Mapping[str, str]:
    return _request(event).get("headers") or {}


_KINDS: Mapping[str, Callable[[Any], Filter]] = {
    "sampling_rate": _sampling,
    "method": _methods,
    "header": _header,
    "client_ip": _client_ips,
    "query": _text,
    "scriptVersion": _version,
    "outcome": _outcomes,
}
