"""A webhook's message: what Discord takes of one, and what of it acts on those who read it.

By Discord's documentation of webhooks, embeds and allowed mentions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.discord.errors import FormError
from sandbox.discord.snowflake import is_snowflake, new_snowflake

_EMBEDS, _TITLE, _DESCRIPTION, _FIELDS, _NAME, _VALUE, _ALL = 10, 256, 4_096, 25, 256, 1_024, 6_000
_MENTIONS = ("roles", "users", "everyone")
_FLAGS = 1 << 2 | 1 << 12 | 1 << 15
_FORMED = re.compile(r"(?<!\\)<(?:@[!&]?\d+|#\d+|t:\d+(?::\w)?|/[^:>]+:\d+|id:\w+)>")
_EVERYONE = re.compile(r"(?<!\\)@(?:everyone|here)\b")
_MASKED = re.compile(r"(?<!\\)\[[^\]\n]*[^\]\\\n]\]\((?:<?https?://[^)\s]+)\)", re.IGNORECASE)
_ADDRESS = re.compile(r"\b(?:https?|discord)://\S+", re.IGNORECASE)


@dataclass(slots=True)
class Announcement:
    """A message, changed or not. ``bodies`` are all that it said, the newest last."""

    webhook: str
    bodies: list[dict[str, Any]]
    id: str = field(default_factory=new_snowflake)
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    @property
    def content(self) -> str:
        """What it says now."""
        return str(self.bodies[-1].get("content") or "")

    def as_kept(self) -> dict[str, Any]:
        """With what of it acts, now and before."""
        made = [each for body in self.bodies for each in acts(body)]
        said = [body.get("content") for body in self.bodies]
        return {"id": self.id, "webhook": self.webhook, "content": self.content, "said": said, "acts": made}

    def as_discord(self, channel: str) -> dict[str, Any]:
        """The message object of Discord's API."""
        return {
            "id": self.id,
            "type": 0,
            "webhook_id": self.webhook,
            "channel_id": channel,
            "content": self.content,
            "timestamp": self.at,
            "edited_timestamp": None if len(self.bodies) == 1 else datetime.now(UTC).isoformat(),
            "author": {"id": self.webhook, "username": "Status", "bot": True},
            "embeds": self.bodies[-1].get("embeds", []),
            "attachments": [],
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "flags": self.bodies[-1].get("flags", 0),
        }


def check_form(message: Mapping[str, Any]) -> None:
    """Raises FormError for what is wrong beside the content."""
    flags = message.get("flags", 0)
    if not isinstance(flags, int) or flags & ~_FLAGS:
        raise FormError("flags", "MESSAGE_FLAGS_INVALID", "Only certain flags may be set.")
    _check_mentions(message.get("allowed_mentions"))
    _check_embeds(message.get("embeds") or [])


def _check_mentions(allowed: Any) -> None:
    if allowed is None:
        return
    if not isinstance(allowed, dict):
        raise FormError(
            "allowed_mentions", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType"
        )
    parse = allowed.get("parse", [])
    if not isinstance(parse, list) or not set(parse) <= set(_MENTIONS):
        raise FormError("allowed_mentions.parse", "BASE_TYPE_CHOICES", f"Value must be one of {_MENTIONS}.")
    for name in ("users", "roles"):
        ids = allowed.get(name, [])
        if ids and name in parse:
            raise FormError("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", "exclusive")
        if not all(is_snowflake(str(each)) for each in ids):
            raise FormError(f"allowed_mentions.{name}", "NUMBER_TYPE_COERCE", "Value is not snowflake.")


def _check_embeds(embeds: Any) -> None:
    if not isinstance(embeds, list) or len(embeds) > _EMBEDS:
        raise FormError("embeds", "BASE_TYPE_MAX_LENGTH", f"Must be {_EMBEDS} or fewer in length.")
    for at, embed in enumerate(embeds):
        fields = embed.get("fields", [])
        lengths = [
            ("title", embed.get("title"), _TITLE),
            ("description", embed.get("description"), _DESCRIPTION),
        ]
        for number, each in enumerate(fields):
            lengths += [(f"fields.{number}.name", each.get("name"), _NAME)]
            lengths += [(f"fields.{number}.value", each.get("value"), _VALUE)]
        if len(fields) > _FIELDS:
            raise FormError(f"embeds.{at}.fields", "BASE_TYPE_MAX_LENGTH", f"Must be {_FIELDS} or fewer.")
        for name, text, most in lengths:
            if len(str(text or "")) > most:
                raise FormError(f"embeds.{at}.{name}", "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer.")
    if sum(len(text) for embed in embeds for text in _texts(embed)) > _ALL:
        raise FormError("embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {_ALL}")


def acts(body: Mapping[str, Any]) -> list[str]:
    """Who is called and where a click leads, by what a message's own allowed mentions let through."""
    texts = [
        str(body.get("content") or ""),
        *(t for embed in body.get("embeds") or [] for t in _texts(embed)),
    ]
    allowed = body.get("allowed_mentions")
    everyone = allowed is None or "everyone" in allowed.get("parse", [])
    shapes = (_FORMED, _MASKED, _ADDRESS, *((_EVERYONE,) if everyone else ()))
    return [found for text in texts for shape in shapes for found in shape.findall(text)]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(inner)
