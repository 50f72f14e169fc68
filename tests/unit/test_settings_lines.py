"""Finding the line of a key."""

from __future__ import annotations

import pytest

from backstop.settings.lines import Key, LineIndex

TEXT = """\
title = "x"
[targets.local] # the sandbox
sandbox = true
health = { path = "/" }
"quoted key" = 1
dotted.name = 2

[targets."a.b"]
x = 1
[[targets.local.commands]]
name = "one"
[targets.local.commands.expect]
type = 4
[[targets.local.commands]]
name = "two"
  [ targets . spaced ]
  y = 1
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("title",), 1),
        (("targets",), 2),
        (("targets", "local"), 2),
        (("targets", "local", "sandbox"), 3),
        (("targets", "local", "health", "path"), 4),
        (("targets", "local", "quoted key"), 5),
        (("targets", "local", "dotted", "name"), 6),
        (("targets", "a.b", "x"), 9),
        (("targets", "local", "commands", 0), 10),
        (("targets", "local", "commands", 0, "name"), 11),
        (("targets", "local", "commands", 0, "expect", "type"), 13),
        (("targets", "local", "commands", 1, "name"), 15),
        (("targets", "local", "commands", 1, "missing"), 14),
        (("targets", "spaced", "y"), 17),
        (("nothing", "of", "this"), None),
    ],
)
def test_line_of_a_key(key: Key, line: int | None) -> None:
    """A key is found where it is written, or else the table around it."""
    assert LineIndex(TEXT).line(key) == line


def test_text_that_is_no_toml() -> None:
    """Any text can be indexed."""
    assert LineIndex("]]\n= 3\n[\n[[").line(("a",)) is None
