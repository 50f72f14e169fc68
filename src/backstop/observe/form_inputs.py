"""What Discord refuses of a form that an interaction is answered with: its title, and each of its inputs.

The limits are those of Discord's documentation: “Modal”, “Text Input” and “Label” of the Component Reference.
What it says nothing of is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Data = Mapping[str, Any]

_TITLE, _CUSTOM_ID, _INPUTS = 45, 100, 5
_ROW, _TEXT_INPUT, _LABEL = 1, 4, 18
_ONLY_WITHIN = frozenset({2, 3, 4, 5, 6, 7, 8, 19, 21, 22, 23})  # in a row or under a label
_STYLES = frozenset({1, 2})
_CAPTION, _PLACEHOLDER, _VALUE = 45, 100, 4000


def refused_form(data: Data) -> Iterator[str]:
    """What is wrong with the ``data`` of a form, each in a few words."""
    listed = data.get("components")
    yield from _text("a form", "custom_id", data.get("custom_id"), _CUSTOM_ID)
    yield from _text("a form", "title", data.get("title"), _TITLE)
    if not isinstance(listed, list) or not 1 <= len(listed) <= _INPUTS:
        yield f"a form without its inputs, 1 to {_INPUTS} are allowed"
        return
    parts = [each for each in listed if isinstance(each, dict)]
    for part in parts:
        yield from _part(part)
    names = Counter(str(each["custom_id"]) for each in _inputs(parts) if each.get("custom_id"))
    yield from (f"the custom_id {name[:_CUSTOM_ID]!r} twice" for name, count in names.items() if count > 1)


def _part(part: Data) -> Iterator[str]:
    kind = part.get("type")
    if kind is None:
        yield "a part of a form without its type"
    elif kind in _ONLY_WITHIN:
        yield f"an input of type {kind} of a form outside of a label and a row"
    elif kind == _ROW:
        inside = list(_objects(part.get("components")))
        if len(inside) != 1:
            yield f"a row of a form with {len(inside)} inputs, it has 1"
        for each in inside:
            yield from _input(each, in_a_row=True)
    elif kind == _LABEL:
        yield from _text("a label of a form", "label", part.get("label"), _CAPTION)
        if not isinstance(part.get("component"), dict):
            yield "a label of a form without its input"
        else:
            yield from _input(part["component"], in_a_row=False)


def _input(found: Data, *, in_a_row: bool) -> Iterator[str]:
    if found.get("type") is None:
        yield "an input of a form without its type"
    if found.get("type") != _TEXT_INPUT:
        return
    yield from _text("an input", "custom_id", found.get("custom_id"), _CUSTOM_ID)
    if found.get("style") not in _STYLES:
        yield f"an input of the style {found.get('style')!r}, wanted 1 or 2"
    if in_a_row:
        yield from _text("an input", "label", found.get("label"), _CAPTION)
    for name, most in (("placeholder", _PLACEHOLDER), ("value", _VALUE)):
        yield from _text("an input", name, found.get(name), most, least=0)


def _text(what: str, name: str, text: object, most: int, least: int = 1) -> Iterator[str]:
    length = len(str(text)) if text is not None else 0
    if not least <= length <= most:
        yield f"{what} with a {name} of {length} characters, {least} to {most} are allowed"


def _inputs(parts: Sequence[Data]) -> Iterator[Data]:
    for part in parts:
        yield from _objects(part.get("components"))
        yield from _objects([part.get("component")])


def _objects(listed: object) -> Iterator[Data]:
    return (each for each in listed if isinstance(each, dict)) if isinstance(listed, list) else iter(())
