"""JSON of anybody's making: what is read can be shown, copied and written without harm."""

from __future__ import annotations

import json

import pytest

from backstop.model.strict_json import DEEPEST, parse_json


@pytest.mark.parametrize(
    "text", ["null", "0", '""', "[]", "{}", '{"a": [1, {"b": null}]}', "1e999", '"\\ud800"']
)
def test_json_is_read(text: str) -> None:
    """As the standard library does."""
    assert json.loads(text) == parse_json(text) == parse_json(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NaN",
        "-Infinity",
        '{"a": NaN}',
        "{",
        "[" * 100_000,
        "[" * 900 + "]" * 900,
        "9" * 10_000,
        '{"a":' * (DEEPEST + 1) + "1" + "}" * (DEEPEST + 1),
    ],
)
def test_what_is_no_json_is_refused(text: str) -> None:
    """And so is what would end a recursion of whoever shows it."""
    with pytest.raises(ValueError, match=r".+"):
        parse_json(text)


def test_what_is_nested_within_reason_is_read() -> None:
    """As deeply as is allowed, and not one level more."""
    within = "[" * DEEPEST + "]" * DEEPEST

    assert parse_json(within)
    with pytest.raises(ValueError, match="deep"):
        parse_json(f"[{within}]")


def test_bytes_that_are_no_text_are_no_json() -> None:
    """A UnicodeDecodeError is a ValueError too."""
    with pytest.raises(ValueError, match="utf-8"):
        parse_json(b'"\xff"')
