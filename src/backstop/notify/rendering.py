"""Renders a template of somebody else's within bounds: it is a program, and a message waits for nobody."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

from jinja2 import Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from backstop.polling import SYSTEM, Clock

MOST = 100_000  # characters; Slack takes 40,000, Statuspage 25,000
_LONGEST_S = 2.0
_MOST_BITS = 10_000  # of a power: a number of 3,000 digits


class TooMuch(ValueError):
    """Raised for a template that makes too much, or takes too long."""


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox in which no single sign makes a text or a number that fills the memory."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Raises TooMuch for a text that is repeated too often, or a power that is too high."""
        if operator == "*" and _length(left, right) > MOST:
            message = f"it makes more than {MOST:,} characters"
            raise TooMuch(message)
        if operator == "**" and _bits(left, right) > _MOST_BITS:
            message = f"it makes a number of more than {_MOST_BITS:,} bits"
            raise TooMuch(message)
        return super().call_binop(context, operator, left, right)


def _length(left: Any, right: Any) -> int:
    """How long a repeated text or list becomes; 0 for a product of numbers."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, str | list | tuple) and isinstance(other, int):
            return len(one) * other
    return 0


def _bits(base: Any, exponent: Any) -> int:
    return base.bit_length() * exponent if isinstance(base, int) and isinstance(exponent, int) else 0


def render(template: Template, members: Mapping[str, Any], clock: Clock = SYSTEM) -> str:
    """What it makes of these values. Raises TooMuch, and what the template raises."""
    pieces: list[str] = []
    length = 0
    with _no_longer_than(_LONGEST_S, clock):
        for piece in template.generate(members):
            length += len(piece)
            if length > MOST:
                message = f"it makes more than {MOST:,} characters"
                raise TooMuch(message)
            pieces.append(piece)
    return "".join(pieces)


@contextmanager
def _no_longer_than(seconds: float, clock: Clock) -> Iterator[None]:
    """Stop the template at its next line once it takes longer: a loop that never ends says nothing."""
    ends = clock.now() + seconds

    def look(_frame: FrameType, _event: str, _value: object) -> Any:
        if clock.now() > ends:
            message = f"it takes longer than {seconds:g} s"
            raise TooMuch(message)
        return look

    before = sys.gettrace()  # this thread's own: a debugger's, or what measures coverage
    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(before)
