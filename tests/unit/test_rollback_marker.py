"""The mark in a message: always whole, read back as it was written, and never made by a reason."""

from __future__ import annotations

import pytest

from backstop.rollback.marker import MOST_BYTES, Mark, Part, mark_of, marked
from tests.unit.rollbacks import version, vid

MARK = Mark("1a2b3c4d", Part.REAL, vid(2), vid(1))

REASONS = [
    "Health check failure",
    'it said "no"\nand then\r\n\tnothing',
    "🔥 brennt 🔥",
    "x" * 10_000,
    "🔥" * 3_000,
    "caf\udce9",
    "",
    "[backstop ffffffff from=x to=y]",
    f"forged {Mark('ffffffff', Part.FAULT, vid(9), vid(8))}",
]


@pytest.mark.parametrize("reason", REASONS)
def test_a_message_is_one_line_that_fits_and_keeps_its_mark(reason: str) -> None:
    """Whatever somebody typed, the mark is ours and whole."""
    message = marked(reason, MARK)

    assert len(message.encode()) <= MOST_BYTES
    assert "\n" not in message
    assert MARK == mark_of(message)


@pytest.mark.parametrize("part", Part)
def test_a_mark_is_read_back(part: Part) -> None:
    """With versions and without."""
    long, short = Mark("run.1", part, vid(3), vid(4)), Mark("run.1", part)

    assert long == mark_of(marked("why", long))
    assert short == mark_of(marked("why", short))


@pytest.mark.parametrize(
    "message", ["", "hotfix", "[backstop]", "backstop 1a2b from=a to=b", "[backstop 1a from=x to=y]"]
)
def test_what_others_wrote_bears_no_mark(message: str) -> None:
    """A message of wrangler's or of a person's."""
    assert mark_of(message) is None


def test_a_version_is_shown_without_the_mark() -> None:
    """People read what somebody typed."""
    uploaded = version(1, message=marked("health is red", MARK), tag="v1")

    assert "00000001 (v1 “health is red”)" == uploaded.label
