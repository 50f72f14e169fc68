"""Values in a message: shown as they are, on one line, and nothing in them acts in the channel.

Sources: Slack, "Formatting text for app surfaces" (& < > are control characters and are escaped as
entities); Discord, "Markdown Text 101" and "Message Formatting" (a backslash before a mark; <@…>, <#…>, <t:…>
and @everyone are formatted where they stand).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from backstop.redaction import REDACTOR
from backstop.report.text import short_ids, visible

Escape = Callable[[str], str]

_APART = "\N{ZERO WIDTH SPACE}"
_MOST = 600  # characters of one value: ten thousand of a reason would push out all others
_SLACK = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "`": "'"}
_HARMLESS = str.maketrans("<>[]", "\u2039\u203a()")
_DISCORD = re.compile(r"([\\*_~`|\[\]#>])")
_FORMED = re.compile(r"([@<])")
_ADDRESS = re.compile(r"(?i)(https?|discord):(?=//)")


def for_slack(text: str) -> str:
    """Mrkdwn that shows the text. Channel and user names are not looked up in it: no mention is made."""
    marked = "".join(_SLACK.get(each, each) for each in plain(text))
    return _ADDRESS.sub(rf"\1:{_APART}", marked.replace("@", f"@{_APART}"))


def for_discord(text: str) -> str:
    """Markdown that shows the text, with nothing that becomes a mention, a link or a time."""
    marked = _DISCORD.sub(r"\\\1", plain(text))
    return _ADDRESS.sub(rf"\1:{_APART}", _FORMED.sub(rf"\1{_APART}", marked))


def for_statuspage(text: str) -> str:
    """Text for a page that knows HTML and Markdown links, and may be posted on elsewhere."""
    marked = plain(text).translate(_HARMLESS)
    return _ADDRESS.sub(rf"\1:{_APART}", marked.replace("@", f"@{_APART}"))


def plain(value: str) -> str:
    """A value on one line, without secrets and hidden characters, and not too long."""
    line = visible(" ".join(short_ids(REDACTOR.redact(value)).split()))
    return line if len(line) <= _MOST else f"{line[: _MOST - 1]}…"


def clipped(text: str, most: int) -> str:
    """Escaped text of at most ``most`` UTF-16 units, which is how the services count at their strictest."""
    if _units(text) <= most:
        return text
    kept = text[: most - 1]
    while _units(kept) > most - 1:
        kept = kept[: -max(1, (_units(kept) - most + 1) // 2)]
    return f"{_without_half_of_a_mark(kept)}…"


def joined(parts: Sequence[str]) -> str:
    """Paragraphs as one text."""
    return "\n\n".join(part for part in parts if part)


def _units(text: str) -> int:
    return len(text) + sum(each > "\uffff" for each in text)


def _without_half_of_a_mark(text: str) -> str:
    """An entity or a backslash that is cut in two would act, or be seen."""
    return re.sub(r"(?<!\\)((?:\\\\)*)\\$", r"\1", re.sub(r"&[a-z]{0,3}$", "", text))
