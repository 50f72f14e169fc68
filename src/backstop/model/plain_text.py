"""Text of anybody's making, so that showing it does nothing but show it."""

from __future__ import annotations

import re

# What moves a cursor, colours a terminal, reverses a line or can't be written as UTF-8 at all.
_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def plain_text(text: str) -> str:
    """The text with every control character but tab and line feed written out as its escape."""
    return _COMMANDS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
