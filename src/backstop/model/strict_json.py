"""JSON as RFC 8259 has it, of anybody's making: nothing in it can harm whoever reads it later."""

from __future__ import annotations

import json
from typing import Any, NoReturn

DEEPEST = 100  # levels; far more than any service nests, far fewer than end a recursion
_TOO_DEEP = f"nested more than {DEEPEST} levels deep"


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text.

    Raises ValueError for what is none: NaN and Infinity are no JSON, and neither is what is nested so
    deeply, or has so many digits, that showing it would fail.
    """
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    _refuse_depth(found)
    return found


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is no JSON"
    raise ValueError(message)


def _refuse_depth(found: Any) -> None:
    """Level by level, so that the depth of the value is no depth of calls."""
    level = [found]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _members(outer)]
        if not level:
            return
    raise ValueError(_TOO_DEEP)


def _members(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
