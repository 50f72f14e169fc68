"""When Python looks for garbage: of a long journal's million objects none is, and each look goes over all."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Don't look meanwhile: everything that is made is kept."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def spared() -> Iterator[None]:
    """Look meanwhile only at what is made from now on."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
