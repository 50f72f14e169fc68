"""Whether a text says something."""

from __future__ import annotations

import re


def says(text: str, words: str) -> bool:
    """Whether the words stand in a text as words of their own: “token missing” does not say “ok”.

    What is denied just before, “not ok”, is not said. No words are said by any text.
    """
    if not words:
        return True
    return re.search(rf"(?<!\b[Nn][Oo][Tt] )(?<!\w){re.escape(words)}(?!\w)", text) is not None
