"""Buttons, menus and rows of a message: where Discord refuses the whole message for one of them.

The limits are those of Discord's documentation, “Component Reference”. What it says nothing of is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Component = Mapping[str, Any]

_ROW, _BUTTON = 1, 2
_TEXT_MENU = 3
_MENUS = frozenset({_TEXT_MENU, 5, 6, 7, 8})
_LINK, _PREMIUM = 5, 6  # styles of buttons that have no custom_id
_ROWS, _IN_A_ROW = 5, 5
_CUSTOM_ID, _LABEL = 100, 80  # characters
_OPTIONS, _OPTION = 25, 100
_OF_THE_NEW_KIND = 40  # components in all
_DEEPEST = 4


def refused_components(components: object, *, new_kind: bool) -> Iterator[str]:
    """What is wrong with the components of a message; ``new_kind`` is said by a flag of the message."""
    top = list(_objects(components))
    inside = list(_within(top))
    if new_kind:
        if len(inside) > _OF_THE_NEW_KIND:
            yield f"{len(inside)} components, {_OF_THE_NEW_KIND} are allowed"
    else:
        yield from _rows_alone(top)
    for each in inside:
        yield from _refused(each)
    ids = Counter(str(each["custom_id"]) for each in inside if each.get("custom_id"))
    yield from (f"the custom_id {name[:_CUSTOM_ID]!r} twice" for name, count in ids.items() if count > 1)


def _rows_alone(top: list[Component]) -> Iterator[str]:
    if len(top) > _ROWS:
        yield f"{len(top)} rows of components, {_ROWS} are allowed"
    yield from (
        f"a component of type {each['type']} outside of a row"
        for each in top
        if each.get("type") not in {_ROW, None}
    )


def _refused(component: Component) -> Iterator[str]:
    kind = component.get("type")
    if kind is None:
        yield "a component without its type"
    elif kind == _ROW:
        yield from _row(list(_objects(component.get("components"))))
    elif kind == _BUTTON:
        yield from _button(component)
    elif kind in _MENUS:
        yield from _custom_id(component, "menu")
        if kind == _TEXT_MENU:
            yield from _options(list(_objects(component.get("options"))))


def _row(inside: list[Component]) -> Iterator[str]:
    menus = sum(each.get("type") in _MENUS for each in inside)
    if not inside:
        yield "an empty row of components"
    elif len(inside) > _IN_A_ROW:
        yield f"a row of {len(inside)} components, {_IN_A_ROW} are allowed"
    elif menus and len(inside) > 1:
        yield "a menu that is not alone in its row"


def _button(button: Component) -> Iterator[str]:
    if len(str(button.get("label") or "")) > _LABEL:
        yield f"a button with a label of {len(str(button['label']))} characters, {_LABEL} are allowed"
    if button.get("style") == _LINK:
        if not button.get("url"):
            yield "a button that is a link, without url"
        elif "://" not in str(button["url"]):
            yield f"a button that is a link to {str(button['url'])[:_LABEL]!r}, which is no address"
    elif button.get("style") != _PREMIUM:
        yield from _custom_id(button, "button")


def _custom_id(component: Component, what: str) -> Iterator[str]:
    length = len(str(component.get("custom_id") or ""))
    if not 1 <= length <= _CUSTOM_ID:
        yield f"a {what} with a custom_id of {length} characters, 1 to {_CUSTOM_ID} are allowed"


def _options(options: list[Component]) -> Iterator[str]:
    if not 1 <= len(options) <= _OPTIONS:
        yield f"a menu with {len(options)} options, 1 to {_OPTIONS} are allowed"
    for option in options:
        for name in ("label", "value"):
            length = len(str(option.get(name, "")))
            if not 1 <= length <= _OPTION:
                yield f"a menu with a {name} of {length} characters, 1 to {_OPTION} are allowed"
    values = Counter(str(option.get("value")) for option in options)
    yield from (f"a menu with the value {name!r} twice" for name, count in values.items() if count > 1)


def _within(components: list[Component], depth: int = 0) -> Iterator[Component]:
    for each in components:
        yield each
        if depth < _DEEPEST:
            inside = [*_objects(each.get("components")), *_objects([each.get("accessory")])]
            yield from _within(inside, depth + 1)


def _objects(listed: object) -> Iterator[Component]:
    return (each for each in listed if isinstance(each, dict)) if isinstance(listed, list) else iter(())
