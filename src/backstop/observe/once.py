"""Looking once: what was seen is kept, and so is why nothing was seen."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from backstop.model.errors import CouldNotLook

Method = TypeVar("Method", bound=Callable[..., Any])


def once(look: Method) -> Method:
    """Make a method look once for each of its arguments.

    A CouldNotLook or AssertionError is kept like a value: asking a service that hangs again, for every
    check that wants its answer, would make a stage last for minutes.
    """
    name = f"_once_{look.__name__}"

    @functools.wraps(look)
    def looked(self: object, *arguments: object, **named: object) -> object:
        kept: dict[Any, Any] = vars(self).setdefault(name, {})
        key = (arguments, tuple(sorted(named.items())))
        if key not in kept:
            try:
                kept[key] = look(self, *arguments, **named)
            except (CouldNotLook, AssertionError) as error:
                kept[key] = error
        found = kept[key]
        if isinstance(found, BaseException):
            raise found
        return found

    return cast("Method", looked)
