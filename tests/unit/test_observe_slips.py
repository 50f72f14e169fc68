"""Slips of a program in what people read, and what only looks like one."""

from __future__ import annotations

import pytest

from backstop.observe.slips import doubtful, slip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello, [object Object]!", "[object Object]"),
        ("[object Promise]", "[object Promise]"),
        ("Until Invalid Date.", "Invalid Date"),
        ("Welcome, ${user.name}!", "${user.name}"),
    ],
)
def test_a_slip(text: str, found: str) -> None:
    """It is told as it stands there."""
    assert found == slip(text)


@pytest.mark.parametrize("text", ["Hello, undefined!", "You have NaN points."])
def test_a_word_that_may_be_meant(text: str) -> None:
    """It is a doubt, and no slip."""
    assert "" == slip(text)
    assert doubtful(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Pong!",
        "Your object is [red].",
        "That costs $5 {or less}.",
        "Undefined behaviour; Nan is my aunt.",
        "```js\nconsole.log(undefined, `${x}`); // [object Object]\n```",
        "Write `${name}` for it.",
    ],
)
def test_what_people_write(text: str) -> None:
    """Words, prices and code."""
    assert ("", "") == (slip(text), doubtful(text))


def test_what_is_declared_is_meant() -> None:
    """A text that the target declares is no mistake; another one beside it is."""
    assert "" == doubtful("0 / 0 is NaN.", meant="is NaN")
    assert "NaN" == doubtful("0 / 0 is NaN, and so is NaN.", meant="is NaN,")
