"""Discord's ids: milliseconds since 2015 and a counter, in one growing number."""

from __future__ import annotations

import itertools
import time

_EPOCH_MS = 1_420_070_400_000
_count = itertools.count()


def new_snowflake() -> str:
    """An id that no other call has given."""
    milliseconds = int(time.time() * 1000) - _EPOCH_MS
    return str((milliseconds << 22) | (next(_count) & 0x3FFFFF))


_MOST_DIGITS = 20


def is_snowflake(text: str) -> bool:
    """Whether Discord would take it for an id at all."""
    return text.isascii() and text.isdigit() and 1 <= len(text) <= _MOST_DIGITS
