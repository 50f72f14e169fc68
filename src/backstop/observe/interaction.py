"""What an interaction was answered with, and how that compares with what was declared."""

from __future__ import annotations

from typing import Any

from backstop.model.target import Expected
from backstop.observe.reply import Reply

EPHEMERAL = 1 << 6  # the message flag of Discord's documentation
DEFERRED = frozenset({5, 6})  # "thinking", and an update that follows
TO_A_COMMAND = frozenset({4, 5, 9, 10, 12})
TO_ANYTHING = frozenset({4, 5, 6, 7, 8, 9, 10, 12})
WITHIN = 3.0  # seconds; then Discord gives an interaction up
_OK = 200


def kind_of(reply: Reply) -> int | None:
    """The response's type; None when the answer is none that Discord would take."""
    kind = (reply.json() or {}).get("type")
    taken = reply.status == _OK and isinstance(kind, int) and not isinstance(kind, bool)
    return kind if taken else None


def content_of(reply: Reply) -> str:
    """The text of the message that the response holds, with that of its embeds."""
    data = _data(reply)
    embeds = data.get("embeds")
    listed = embeds if isinstance(embeds, list) else []
    texts = [data.get("content"), *(_texts(each) for each in listed if isinstance(each, dict))]
    return "\n".join(str(text) for text in texts if text)


def _texts(embed: dict[str, Any]) -> str:
    return "\n".join(str(embed[name]) for name in ("title", "description") if embed.get(name))


def is_ephemeral(reply: Reply) -> bool:
    """Whether only the one who asked sees the message."""
    flags = _data(reply).get("flags")
    return isinstance(flags, int) and bool(flags & EPHEMERAL)


def _data(reply: Reply) -> dict[str, Any]:
    data = (reply.json() or {}).get("data")
    return data if isinstance(data, dict) else {}


def answers_as_declared(reply: Reply, expected: Expected) -> bool:
    """Whether the response says what a well-used command would say; False where no text is declared."""
    return bool(expected.content) and expected.content in content_of(reply)
