"""The mark that every deployment and upload of ours carries in its message.

It is what makes a mutation known on other machines, and after this one was cut off: who made it, from what
and to what. Cloudflare cuts a message at 1,000 bytes, so the words before the mark are cut first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from backstop.model.version import VersionId, version_id

MOST_BYTES = 1000  # of a deployment's message, by Cloudflare's description of its API

_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_MARK = re.compile(
    r"\[backstop (?:(?P<part>fault|drill|rehearsal) )?(?P<run>[\w.-]+)"
    rf"(?: from=(?P<from>{_UUID}) to=(?P<to>{_UUID}))?\]"
)
_SPACE = re.compile(r"\s+")


class Part(Enum):
    """What something of ours is for."""

    REAL = ""
    FAULT = "fault"
    DRILL = "drill"  # what a drill rolls back or restores
    REHEARSAL = "rehearsal"  # an earlier version beside the one that serves, with no part of the traffic


@dataclass(frozen=True, slots=True)
class Mark:
    """What a message says of the run that wrote it; ``from_version`` and ``to_version`` may be left out."""

    run: str
    part: Part
    from_version: VersionId | None = None
    to_version: VersionId | None = None

    def __str__(self) -> str:
        part = f"{self.part.value} " if self.part.value else ""
        ways = f" from={self.from_version} to={self.to_version}" if self.from_version else ""
        return f"[backstop {part}{self.run}{ways}]"


def mark_of(message: str) -> Mark | None:
    """The mark in a message; None when none of ours wrote it. The last one counts: words come before it."""
    found = next(reversed(list(_MARK.finditer(message))), None)
    if found is None:
        return None
    versions = [version_id(found[name]) if found[name] else None for name in ("from", "to")]
    return Mark(found["run"], Part(found["part"] or ""), versions[0], versions[1])


def marked(reason: str, mark: Mark) -> str:
    """A message on one line: the reason, cut where it is too long, and the mark, which is always whole."""
    readable = reason.encode(errors="replace").decode()
    words = _SPACE.sub(" ", _MARK.sub("", readable)).strip()
    room = MOST_BYTES - len(str(mark)) - 1
    return f"{_cut(words, room)} {mark}".strip()


def _cut(words: str, room: int) -> str:
    if len(words.encode()) <= room:
        return words
    return words.encode()[: room - len("…".encode())].decode(errors="ignore") + "…"
