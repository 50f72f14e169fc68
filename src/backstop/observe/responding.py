"""Where Discord refuses what an interaction is answered with, although the answer has a type that it knows.

The limits are those of Discord's documentation: “Create Message”, “Embed Limits”, and the response to an
interaction. Who used the command sees “the application did not respond” then, and the bot hears nothing.
Components have a file of their own, and so have forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from backstop.observe.components import refused_components
from backstop.observe.form_inputs import refused_form

Data = Mapping[str, Any]

COMPONENTS_V2 = 1 << 15  # the message flag with which text stands in components alone
_CONTENT = 2000  # characters
_EMBEDS, _EMBED_TEXTS = 10, 6000
_OF_AN_EMBED = MappingProxyType({"title": 256, "description": 4096})
_OF_A_FIELD = MappingProxyType({"name": 256, "value": 1024})
_BESIDE = (("footer", "text", 2048), ("author", "name", 256))  # parts of an embed that hold a text each
_COLOURS = frozenset({"color", "type"})  # what an embed may say and still be empty
_FIELDS = 25
_WHITE = 0xFFFFFF
_LINKS = ("http://", "https://")
_PICTURES = (*_LINKS, "attachment://")
_CHOICES, _CHOICE_TEXT = 25, 100
_SUBSTANCE = ("content", "embeds", "components", "attachments", "poll", "sticker_ids")
_MESSAGE, _UPDATE, _CHOICE, _MODAL = 4, 7, 8, 9
_NUMBER = re.compile(r"[0-9]{1,19}")  # of 64 bits; as text too, which Discord reads
_SHOWN = 40  # characters of what is no number


def refusal(response: Data, *, files: bool = False) -> str:
    """Why Discord does not take a response, or nothing where it does; types without rules are taken.

    ``files``: some come with it, which are a message by themselves.
    """
    kind, data = response.get("type"), response.get("data")
    rules = _RULES.get(kind) if isinstance(kind, int) else None
    if rules is None:
        return ""
    if not isinstance(data, dict):
        return "" if kind == _UPDATE and data is None else f"no data in a response of type {kind}"
    if kind == _MESSAGE and not files and not any(_says(data.get(member)) for member in _SUBSTANCE):
        return "an empty message"
    return next((found for rule in rules for found in rule(data)), "")


def _says(value: object) -> bool:
    """Whether anything is left of it where Discord has taken white space off both ends."""
    return bool(value.strip() if isinstance(value, str) else value)


def _content(data: Data) -> Iterator[str]:
    content = data.get("content")
    if content is None:
        return
    if not isinstance(content, str | int | float):
        yield f"a content that is no text ({type(content).__name__})"
    elif len(str(content)) > _CONTENT:
        yield f"a content of {len(str(content))} characters, {_CONTENT} are allowed"


def _flags(data: Data) -> Iterator[str]:
    flags = str(data.get("flags") or 0)
    if not _NUMBER.fullmatch(flags):
        yield f"flags that are no number: {flags[:_SHOWN]!r}"
    elif int(flags) & COMPONENTS_V2 and (data.get("content") or data.get("embeds")):
        yield f"content or embeds beside components of the new kind (flag {COMPONENTS_V2})"


def _lists(data: Data) -> Iterator[str]:
    for name in ("embeds", "components", "attachments"):
        found = data.get(name)
        if found is not None and not (isinstance(found, list) and all(isinstance(e, dict) for e in found)):
            yield f"{name} that are no list of objects"


def _embeds(data: Data) -> Iterator[str]:
    embeds = data.get("embeds") or []
    if len(embeds) > _EMBEDS:
        yield f"{len(embeds)} embeds, {_EMBEDS} are allowed"
    for embed in embeds:
        yield from _embed(embed)
    size = sum(len(text) for embed in embeds for text in _texts(embed))
    if size > _EMBED_TEXTS:
        yield f"embeds of {size} characters, {_EMBED_TEXTS} are allowed"


def _embed(embed: Data) -> Iterator[str]:
    if not any(value for name, value in embed.items() if name not in _COLOURS):
        yield "an empty embed"
    for name, most in _OF_AN_EMBED.items():
        yield from _too_long(f"an embed with a {name}", embed.get(name), most)
    yield from _colour(embed.get("color"))
    yield from _addresses(embed)
    for part, name, most in _BESIDE:
        yield from _too_long(f"an embed with a {part}", _member(embed, part).get(name), most)
    fields = _fields(embed)
    if len(fields) > _FIELDS:
        yield f"an embed with {len(fields)} fields, {_FIELDS} are allowed"
    for field in fields:
        for name, most in _OF_A_FIELD.items():
            yield from _too_long(f"a field with a {name}", field.get(name), most)
            if field.get(name) is None or not str(field[name]).strip():
                yield f"a field without {name}"


def _colour(colour: object) -> Iterator[str]:
    """A number, also as text: “#ff0000” is none."""
    if colour is None or isinstance(colour, bool):
        return
    shown = str(int(colour)) if isinstance(colour, float) and colour.is_integer() else str(colour)
    if not _NUMBER.fullmatch(shown) or int(shown) > _WHITE:
        yield f"an embed with a color of {str(colour)[:_SHOWN]!r}, a number up to {_WHITE} is allowed"


def _addresses(embed: Data) -> Iterator[str]:
    """Where a part of it leads. A file that comes with the message may be shown, and not be led to."""
    shown = ("image", "thumbnail")
    icons = {f"{part} icon": _member(embed, part).get("icon_url") for part in ("author", "footer")}
    pictures = {**{part: _member(embed, part).get("url") for part in shown}, **icons}
    links = {"title": embed.get("url"), "author": _member(embed, "author").get("url")}
    for what, url, schemes in (
        *((name, url, _PICTURES) for name, url in pictures.items()),
        *((name, url, _LINKS) for name, url in links.items()),
    ):
        if isinstance(url, str) and url and not url.lower().startswith(schemes):
            yield f"an embed whose {what} has the address {url[:_SHOWN]!r}, wanted http or https"


def _too_long(what: str, text: object, most: int) -> Iterator[str]:
    length = len(str(text or ""))
    if length > most:
        yield f"{what} of {length} characters, {most} are allowed"


def _fields(embed: Data) -> list[Data]:
    fields = embed.get("fields")
    return [field for field in fields if isinstance(field, dict)] if isinstance(fields, list) else []


def _member(data: Data, name: str) -> Data:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _texts(embed: Data) -> Iterator[str]:
    """What counts towards the size of embeds."""
    yield from (str(embed.get(name) or "") for name in _OF_AN_EMBED)
    yield from (str(_member(embed, part).get(name) or "") for part, name, _ in _BESIDE)
    yield from (str(field.get(name) or "") for field in _fields(embed) for name in _OF_A_FIELD)


def _components(data: Data) -> Iterator[str]:
    new_kind = bool(int(str(data.get("flags") or 0)) & COMPONENTS_V2)
    yield from refused_components(data.get("components"), new_kind=new_kind)


def _mentions(data: Data) -> Iterator[str]:
    allowed = _member(data, "allowed_mentions")
    parsed = allowed.get("parse")
    for name in ("users", "roles"):
        if isinstance(parsed, list) and name in parsed and allowed.get(name):
            yield f"allowed_mentions that name {name} and parse them all as well"


def _choices(data: Data) -> Iterator[str]:
    choices = data.get("choices")
    if not isinstance(choices, list):
        yield "no list of choices"
    elif len(choices) > _CHOICES:
        yield f"{len(choices)} choices, {_CHOICES} are allowed"
    elif not all(isinstance(each, dict) and each.get("name") and "value" in each for each in choices):
        yield "a choice without name or value"
    else:
        for each in choices:
            for name in ("name", "value"):
                yield from _too_long(f"a choice with a {name}", each[name], _CHOICE_TEXT)


_OF_MESSAGES = (_lists, _content, _flags, _embeds, _components, _mentions)
_RULES: Mapping[int, tuple[Callable[[Data], Iterator[str]], ...]] = MappingProxyType(
    {_MESSAGE: _OF_MESSAGES, _UPDATE: _OF_MESSAGES, _CHOICE: (_choices,), _MODAL: (refused_form,)}
)
