"""What a program writes into a text by mistake, where a value was meant that it did not have."""

from __future__ import annotations

import re

# What nobody writes to people: a value as JavaScript shows it, and a text that was not filled in.
_SLIP = re.compile(r"\[object [A-Z]\w{0,40}\]|\bInvalid Date\b|\$\{[A-Za-z_][\w.?\[\]()]{0,80}\}")
# Words of JavaScript that a text may also mean.
_DOUBT = re.compile(r"\b(?:undefined|NaN)\b")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)  # what is shown as code is meant


def slip(text: str, meant: str = "") -> str:
    """What was written by mistake, or nothing; ``meant`` is a text that stands there on purpose."""
    return _first(_SLIP, text, meant)


def doubtful(text: str, meant: str = "") -> str:
    """A word that looks like a mistake and need not be one, or nothing."""
    return _first(_DOUBT, text, meant)


def _first(pattern: re.Pattern[str], text: str, meant: str) -> str:
    found = pattern.search(_CODE.sub("", text.replace(meant, "") if meant else text))
    return found[0] if found else ""
