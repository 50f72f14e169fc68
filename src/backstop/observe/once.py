"""Looking once: what was seen is kept, and so is why nothing was seen."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from backstop.model.errors import CouldNotLook

Method = TypeVar("Method", bound=Callable[..., Any])


@dataclass(slots=True)
class _Kept:
    lock: threading.RLock = field(default_factory=threading.RLock)
    found: dict[Any, Any] = field(default_factory=dict)


def kept(owner: object, look: str, *arguments: object) -> object:
    """What a look has found already for its arguments; None where it was not asked, or saw nothing."""
    looked: _Kept | None = vars(owner).get(f"_once_{look}")
    found = looked.found.get((arguments, ())) if looked else None
    return None if isinstance(found, BaseException) else found


def once(look: Method) -> Method:
    """Make a method look once for each of its arguments; who asks meanwhile waits for that look.

    A CouldNotLook or AssertionError is kept like a value: asking a service that hangs again, for every
    check that wants its answer, would make a stage last for minutes.
    """
    name = f"_once_{look.__name__}"

    @functools.wraps(look)
    def looked(self: object, *arguments: object, **named: object) -> object:
        kept: _Kept = vars(self).setdefault(name, _Kept())
        key = (arguments, tuple(sorted(named.items())))
        with kept.lock:
            if key not in kept.found:
                try:
                    kept.found[key] = look(self, *arguments, **named)
                except (CouldNotLook, AssertionError) as error:
                    kept.found[key] = error
            found = kept.found[key]
        if isinstance(found, BaseException):
            raise found
        return found

    return cast("Method", looked)
