"""Somebody's text as Markdown that shows it: nothing in it is markup, a link, a mention or a picture."""

from __future__ import annotations

import re

from backstop.report import text

LONGEST = 600  # characters of a value
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_BEGINS_A_BLOCK = re.compile(r"^(?:(\d+)(?=[.)](?:\s|$))|(?=[-+=]))")
# What renderers act upon after they have taken the backslashes out: mentions, addresses, small pictures.
_AFTERWARDS = re.compile(
    r"(?<!\w)@\w|\w@\w|://|www\.|mailto:|:(?:[a-z0-9_+-]*[a-z][a-z0-9_+-]*|100|1234|[+-]1):",
    re.IGNORECASE,
)
_TICKS = re.compile(r"`+")
_CODE = re.compile(r"(`[^`]+`)")
_ACTS = re.compile(r"([\\`*\[\]<>|!&])")  # what is more than emphasis: links, pictures, tags, entities


def markdown(value: str) -> str:
    """A value on one line, at most 600 characters of it."""
    shown = text.visible(text.short_ids(text.bounded(value, most=LONGEST)))
    words = [_word(word) for word in shown.split()]
    return _BEGINS_A_BLOCK.sub(r"\g<1>\\", " ".join(words))


def sentence(value: str) -> str:
    """A sentence of ours in which somebody's words may be, on one line, to be read and typed as it is.

    What stands between backticks stays code, and what merely emphasises is left: commands have underscores.
    """
    pieces = _CODE.split(" ".join(text.visible(value).split()))
    return "".join(piece if place % 2 else _harmless(piece) for place, piece in enumerate(pieces))


def _harmless(words: str) -> str:
    return " ".join(_word(word, _ACTS) for word in words.split(" "))


def _word(word: str, markup: re.Pattern[str] = _MARKUP) -> str:
    return _as_code(word) if _AFTERWARDS.search(word) else markup.sub(r"\\\1", word)


def _as_code(word: str) -> str:
    """Between more backticks than the word has in a row."""
    fence = "`" * (1 + max((len(run) for run in _TICKS.findall(word)), default=0))
    room = " " if word.startswith("`") or word.endswith("`") else ""
    return f"{fence}{room}{word}{room}{fence}"
