"""Writes docs/checks.md from ``pytest --list-checks``: ``make docs``."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "checks.md"
LIMIT = 60.0  # seconds for the listing
_LINE = re.compile(r"(?P<id>[a-z]+\.\S+) +(?P<severity>[a-z]+) +(?P<title>\S.*?)  \[(?P<step>.*)\]")
_HEAD = """# Checks

Made by `make docs` from `pytest --list-checks`; a test tells when it is out of date. The id of a check is
for ever. The step is that of the written procedure which the check automates.
"""
_UNSEEN = """## What no check sees

A bot is asked from outside, by one caller, for a few seconds. Green says nothing of:

| what | what to do |
|---|---|
"""
_LIMITS = (
    ("commands, buttons and forms that are not declared, and direct messages", "declare them; `dm = true`"),
    (
        "the text of a reply, or of a post, where none is declared: another command's is of the right type",
        "declare `content`, and `posted`",
    ),
    (
        "what befalls others only: at another place of Cloudflare's, or under a third user agent",
        "look from several places, [`--vantage`](evidence.md); read the tail",
    ),
    (
        "what happens more rarely than we ask: in a look the health path 30 times, interactions a dozen",
        "`watch` and `monitor` count over minutes",
    ),
    ("what grows slowly: memory, CPU time, a queue", "`watch` after a deploy; `errors.tail`"),
    (
        "a health answer that lies, of a wrong token: `deployment.secrets` knows names, no values",
        "declare a command that needs it",
    ),
    ("a health answer that is an old copy, without a timestamp or a cache's headers", "show a timestamp"),
    ("secrets that this session does not know, unless their shape tells", "name them under `secrets`"),
    ("work that is done before a request is refused: only the 401 is seen", "verify first"),
    ("routes that nobody names: a page for debugging, an export", "read the code"),
    ("a way in for who knows it: a header, a parameter, an hour", "read the code"),
    (
        "a reply that comes by a request of the bot's own, after 202: `discord.commands` wants it at once",
        "accept it by name",
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One check as ``--list-checks`` prints it."""

    id: str
    severity: str
    title: str
    step: str

    @property
    def suite(self) -> str:
        """The first word of the id."""
        return self.id.partition(".")[0]


def listed() -> tuple[Line, ...]:
    """Every check, by id. Raises RuntimeError with pytest's output when it does not list them."""
    argv = [sys.executable, "-m", "pytest", "--list-checks", "-p", "no:cacheprovider"]
    ended = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False)
    found = tuple(
        Line(**match.groupdict()) for match in map(_LINE.fullmatch, ended.stdout.splitlines()) if match
    )
    if ended.returncode or not found:
        message = f"pytest --list-checks ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}"
        raise RuntimeError(message)
    return found


def table(lines: Sequence[Line]) -> str:
    """The page."""
    limits = "".join(f"| {what} | {then} |\n" for what, then in _LIMITS)
    return "\n".join([_HEAD, *_sections(lines), _UNSEEN + limits])


def _sections(lines: Sequence[Line]) -> Iterator[str]:
    for suite, members in groupby(sorted(lines, key=lambda line: line.id), lambda line: line.suite):
        yield f"## {suite}\n\n| check | severity | what must hold | step |\n|---|---|---|---|"
        yield from (
            f"| `{each.id}` | {each.severity} | {_cell(each.title)} | {_cell(each.step)} |"
            for each in members
        )
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    """Write the page."""
    lines = listed()
    TABLE.write_text(table(lines), encoding="utf-8")
    print(f"{len(lines)} checks in {TABLE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
