"""What Slack has against a message, and what of one acts on those who read it.

Block Kit's limits, from its reference: 50 blocks, a header of 150 characters of plain text, a section of
3,000, ten fields of 2,000, an attachment's hundred.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_TEXT, _BLOCKS, _HEADER, _SECTION, _FIELDS, _FIELD, _CONTEXT, _ATTACHMENTS = (
    40_000,
    50,
    150,
    3_000,
    10,
    2_000,
    10,
    100,
)
_KINDS = ("header", "section", "divider", "context", "image", "actions", "rich_text", "markdown")
_SHOWN = ("text", "blocks", "attachments")
_FORMED = re.compile(r"<([@#!][^>\n]*|[a-z]+:[^>\n]*)>", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![<|])\bhttps?://\S+", re.IGNORECASE)
_NAME = re.compile(r"@(?:here|channel|everyone)\b")


def unfit(body: str) -> str:
    """Slack's word for why a body is no message; empty where it is one."""
    try:
        message = json.loads(body)
    except ValueError:
        return "invalid_payload"
    if not isinstance(message, dict):
        return "invalid_payload"
    if not any(message.get(name) for name in _SHOWN):
        return "no_text"
    return _too_much(message) or ("" if _sound(message.get("blocks", [])) else "invalid_blocks")


def _too_much(message: dict[str, Any]) -> str:
    text, attachments = message.get("text", ""), message.get("attachments", [])
    if not isinstance(text, str):
        return "invalid_payload"
    if len(text) > _TEXT:
        return "msg_too_long"
    return "too_many_attachments" if len(attachments) > _ATTACHMENTS else ""


def _sound(blocks: Any) -> bool:
    return isinstance(blocks, list) and len(blocks) <= _BLOCKS and all(map(_sound_block, blocks))


def _sound_block(block: Any) -> bool:
    if not isinstance(block, dict) or block.get("type") not in _KINDS:
        return False
    rule = {"header": _sound_header, "context": _sound_context, "section": _sound_section}.get(block["type"])
    return rule is None or rule(block)


def _sound_header(block: dict[str, Any]) -> bool:
    return _sound_text(block.get("text"), _HEADER, "plain_text")


def _sound_context(block: dict[str, Any]) -> bool:
    return _sound_texts(block.get("elements"), _CONTEXT, _SECTION)


def _sound_section(block: dict[str, Any]) -> bool:
    text, fields = block.get("text"), block.get("fields")
    if text is None and fields is None:
        return False
    sound = text is None or _sound_text(text, _SECTION)
    return sound and (fields is None or _sound_texts(fields, _FIELDS, _FIELD))


def _sound_texts(texts: Any, count: int, most: int) -> bool:
    if not isinstance(texts, list) or not 1 <= len(texts) <= count:
        return False
    return all(_sound_text(each, most) for each in texts)


def _sound_text(text: Any, most: int, *kinds: str) -> bool:
    if not isinstance(text, dict) or text.get("type") not in (kinds or ("plain_text", "mrkdwn")):
        return False
    value = text.get("text")
    return isinstance(value, str) and 1 <= len(value) <= most


def acts(body: str) -> list[str]:
    """The mentions and links that Slack makes of a message: who is called, and where a click leads."""
    try:
        message = json.loads(body)
    except ValueError:
        return []
    return [each for text, verbatim in _texts(message) for each in _made_of(text, verbatim=verbatim)]


def _texts(value: Any) -> Iterator[tuple[str, bool]]:
    """Every text that is read as mrkdwn, and whether it is left as it is otherwise."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield str(value.get("text", "")), bool(value.get("verbatim"))
        elif isinstance(value.get("text"), str) and value.get("type") != "plain_text":
            yield value["text"], value.get("parse") == "none" or "blocks" in value
        for inner in value.values():
            yield from _texts(inner) if isinstance(inner, dict | list) else ()
    if isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _made_of(text: str, *, verbatim: bool) -> Iterator[str]:
    yield from _FORMED.findall(text)
    if not verbatim:
        yield from _ADDRESS.findall(text)
        yield from _NAME.findall(text)
