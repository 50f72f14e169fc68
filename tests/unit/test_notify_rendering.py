"""Templates of a team's own are programs: what they make, and how long they take, is bounded."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from backstop.notify.rendering import MOST, BoundedEnvironment, TooMuch, render

FOR_EVER = (
    "{% for a in range(99999) %}{% for b in range(99999) %}{% if a < b %}{% endif %}{% endfor %}{% endfor %}"
)


@dataclass
class Stepping:
    """A clock that goes on by a millisecond whenever it is looked at."""

    at: float = 0.0

    def now(self) -> float:
        """The time."""
        self.at += 0.001
        return self.at

    def wait(self, seconds: float) -> None:
        """Go on."""
        self.at += seconds


def _rendered(template: str, members: Mapping[str, object], clock: Stepping | None = None) -> str:
    return render(BoundedEnvironment().from_string(template), members, clock or Stepping())


def test_what_is_within_bounds() -> None:
    """Is made as it is written, products and powers too."""
    template = "{% for a in range(3) %}{{ a * 2 }}{{ 'ab' * a }}{{ 2 ** a }} {% endfor %}{{ name }}"

    assert "01 2ab2 4abab4 ada" == _rendered(template, {"name": "ada"})


def test_as_much_as_it_may_make() -> None:
    """One character more is too much."""
    assert MOST == len(_rendered("{{ 'x' * n }}", {"n": MOST}))
    with pytest.raises(TooMuch, match="more than 100,000 characters"):
        _rendered("{{ 'x' * n }}y", {"n": MOST})
    with pytest.raises(TooMuch, match="more than 100,000 characters"):
        _rendered("{{ [1] * n }}", {"n": MOST + 1})


def test_a_loop_that_does_not_end() -> None:
    """Is stopped, also where it makes nothing; and nothing is left behind of what stops it."""
    before = sys.gettrace()

    with pytest.raises(TooMuch, match="it takes longer than 2 s"):
        _rendered(FOR_EVER, {})

    assert before is sys.gettrace()
