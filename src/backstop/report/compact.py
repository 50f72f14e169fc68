"""A page without what HTML lets be left out, which is a third of a long table."""

from __future__ import annotations

import re

# White space up to the next tag goes with them: between rows and cells it means nothing.
_ENDS = re.compile(
    r"</(?:td|th|tr|li|dt|dd)>\s*(?=<)"
    r"|</p>\s*(?=</?(?:article|details|div|li|section)\b|<(?:h[2-4]|ol|p|pre|table|ul)\b)"
)
# Text of others can't look so: its quotes and angle brackets are escaped.
_TAG = re.compile(r"<[a-z][^<>]*>")
_VALUE = re.compile(r"""( [a-z-]+=)"([\w.#%-]+)"(?=[ >])""")
_TEXT = re.compile(r">[^<>]*&#3[49];[^<>]*<")
_STYLE = re.compile(r"(<style>.*?</style>)", re.DOTALL)


def compact(page: str) -> str:
    """The same document: no end tag that the next tag implies, no quotes around values of one word.

    In text, quotes stand for themselves.
    """
    head, style, body = _STYLE.split(page, maxsplit=1)
    return head + style + _TEXT.sub(_spelt, _TAG.sub(_bare, _ENDS.sub("", body)))


def _bare(tag: re.Match[str]) -> str:
    return _VALUE.sub(r"\1\2", tag.group())


def _spelt(text: re.Match[str]) -> str:
    return text.group().replace("&#34;", '"').replace("&#39;", "'")
