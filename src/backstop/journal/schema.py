"""The JSON Schema of a journal's lines, made from the events so that it can't drift from them."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from typing import Any, get_type_hints

from backstop.journal.codec import KINDS
from backstop.journal.events import SCHEMA, Event

_TYPES: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    tuple[str, ...]: {"type": "array", "items": {"type": "string"}},
    tuple[int, ...]: {"type": "array", "items": {"type": "integer"}},
    tuple[float, ...]: {"type": "array", "items": {"type": "number"}},
    dict[str, int]: {"type": "object", "additionalProperties": {"type": "integer"}},
    dict[str, str]: {"type": "object", "additionalProperties": {"type": "string"}},
    dict[str, float]: {"type": "object", "additionalProperties": {"type": "number"}},
}

_PLACE: dict[str, dict[str, Any]] = {
    "n": {"type": "integer", "minimum": 0, "description": "Place in the journal, from 0."},
    "at": {"type": "string", "format": "date-time", "description": "UTC, with milliseconds."},
    "t": {"type": "number", "minimum": 0, "description": "Seconds since the session began."},
}
_CHAIN: dict[str, Any] = {
    "type": "string",
    "pattern": "^[0-9a-f]{64}$",
    "description": "SHA-256 of the line before's chain and this line without its own; the last member.",
}


def journal_schema() -> str:
    """The schema of one line, as the text of ``reports/schema/journal-N.json``."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"One line of a backstop journal, schema {SCHEMA}",
        "oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in KINDS],
        "$defs": {kind: _line(event) for kind, event in KINDS.items()},
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _line(event: type[Event]) -> dict[str, Any]:
    hints = get_type_hints(event)
    own = {field.name: _TYPES[hints[field.name]] for field in fields(event)}
    needed = [f.name for f in fields(event) if f.default is MISSING and f.default_factory is MISSING]
    return {
        "description": " ".join((event.__doc__ or "").split()),
        "type": "object",
        "properties": {**_PLACE, "kind": {"const": event.kind}, **own, "chain": _CHAIN},
        "required": [*_PLACE, "kind", *needed],
        "additionalProperties": False,
    }
