"""What an interaction was answered with, and how that compares with what was declared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from backstop.discord import payloads
from backstop.model.http import Answer
from backstop.model.strict_json import parse_json
from backstop.model.target import Expected
from backstop.observe.form_data import field_of
from backstop.observe.reply import Reply
from backstop.observe.responding import refusal

EPHEMERAL = 1 << 6  # the message flag of Discord's documentation
DEFERRED = frozenset({5, 6})  # "thinking", and an update that follows
TO_A_COMMAND = frozenset({4, 5, 9, 10, 12})
# Discord's documentation, “Interaction Callback Type”; what updates a message needs one that was pressed on.
_TO_A_BUTTON, _TO_A_FORM, _SUGGESTIONS = TO_A_COMMAND | {6, 7}, TO_A_COMMAND - {9} | {6, 7}, frozenset({8})
_TAKEN = {
    payloads.Interaction.PING: frozenset({1}),
    payloads.Interaction.COMMAND: TO_A_COMMAND,
    payloads.Interaction.COMPONENT: _TO_A_BUTTON,
    payloads.Interaction.AUTOCOMPLETE: _SUGGESTIONS,
    payloads.Interaction.MODAL: _TO_A_FORM,
}
WITHIN = 3.0  # seconds; then Discord gives an interaction up
_OK = 200
_MESSAGE = 4  # the type of a response that is a message
_TEXT_DISPLAY, _DEEPEST = 10, 3  # the type of a component, and how deep components may lie in each other


def taken_for(payload: str) -> frozenset[int]:
    """The types of response that Discord takes for an interaction, given as JSON; any for an unknown one."""
    sent = json.loads(payload).get("type")
    return next((taken for kind, taken in _TAKEN.items() if kind == sent), _TO_A_BUTTON | _SUGGESTIONS)


def response_of(answer: Answer) -> dict[str, Any] | None:
    """The response that an answer holds: JSON, or a form with files beside it; None where it is neither."""
    try:
        found = parse_json(field_of(answer, "payload_json") or answer.body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def kind_of(reply: Reply) -> int | None:
    """The response's type; None when the answer is none that Discord would take."""
    kind = (response_of(reply.answer) or {}).get("type")
    taken = reply.status == _OK and isinstance(kind, int) and not isinstance(kind, bool)
    return kind if taken else None


def refused_by_discord(reply: Reply) -> str:
    """What Discord has against a response of a type that it knows; nothing where it takes it."""
    files = reply.json() is None  # of what is no JSON, only a form with files has a response
    return refusal(response_of(reply.answer) or {}, files=files)


def refused_follow_up(message: Mapping[str, Any]) -> str:
    """What Discord has against a message that follows a deferred reply; nothing where it takes it."""
    return refusal({"type": _MESSAGE, "data": dict(message)})


def content_of(reply: Reply) -> str:
    """The text of the message that the response holds, with that of its embeds and components."""
    return text_of(_data(reply))


def text_of(message: Mapping[str, Any]) -> str:
    """All the text of a message: its content, its embeds, and the text displays among its components."""
    texts = [message.get("content"), *_of_embeds(message.get("embeds")), *_shown(message.get("components"))]
    return "\n".join(str(text) for text in texts if text)


def _of_embeds(embeds: object) -> Iterator[object]:
    for embed in _objects(embeds):
        yield from (embed.get(name) for name in ("title", "description"))
        for field in _objects(embed.get("fields")):
            yield from (field.get(name) for name in ("name", "value"))


def _shown(components: object, depth: int = 0) -> Iterator[object]:
    """The text displays, which may lie in sections and those in containers."""
    for component in _objects(components):
        if component.get("type") == _TEXT_DISPLAY:
            yield component.get("content")
        elif depth < _DEEPEST:
            yield from _shown(component.get("components"), depth + 1)


def _objects(listed: object) -> Iterator[dict[str, Any]]:
    return (each for each in listed if isinstance(each, dict)) if isinstance(listed, list) else iter(())


def is_ephemeral(reply: Reply) -> bool:
    """Whether only the one who asked sees the message."""
    flags = _data(reply).get("flags")
    return isinstance(flags, int) and bool(flags & EPHEMERAL)


def _data(reply: Reply) -> dict[str, Any]:
    data = (response_of(reply.answer) or {}).get("data")
    return data if isinstance(data, dict) else {}


def answers_as_declared(reply: Reply, expected: Expected) -> bool:
    """Whether the response says what a well-used command would say; False where no text is declared."""
    return bool(expected.content) and expected.content in content_of(reply)
