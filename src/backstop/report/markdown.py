"""Values of a journal as Markdown in which nothing of them is Markdown."""

from __future__ import annotations

import re

from backstop.report.text import bounded, short_ids, visible

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_BEGINS_A_BLOCK = re.compile(r"^(\s*)([-+=]|\d+[.)])")


def markdown(value: str) -> str:
    """A value on one line, shown as it is: nothing in it is Markdown, HTML or a control character."""
    line = bounded(" ".join(visible(short_ids(value)).split()))
    return _BEGINS_A_BLOCK.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", line))
