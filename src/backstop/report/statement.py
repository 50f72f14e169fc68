"""What a check says, taken apart: what was found, what was wanted, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REMEDY = "→"
_ANSWERED = "answered "
# As checks put it: "GET /: found 503, wanted 200", "3 of 9 requests failed, wanted none".
_PAIR = re.compile(r"(?:(?P<of>.*?):? ?\bfound )?(?P<found>.*?), wanted (?P<wanted>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """``of`` is what was asked; ``said`` is the whole of a message that names no pair. Remedies in order.

    ``answered`` are lines that quote the answer, which need not be shown beside the exchange itself.
    """

    of: str = ""
    found: str = ""
    wanted: str = ""
    said: str = ""
    more: str = ""
    answered: str = ""
    remedies: tuple[str, ...] = ()


def statement(message: str) -> Statement:
    """Take a message apart. Total: nothing of it is lost but white space at the ends of its lines."""
    lines = [line.strip() for line in message.split("\n")]
    remedies = tuple(line[1:].strip() for line in lines if line.startswith(_REMEDY))
    rest = [line for line in lines if line and not line.startswith(_REMEDY)]
    first, others = (rest[0], rest[1:]) if rest else ("", [])
    answered = "\n".join(line for line in others if line.startswith(_ANSWERED))
    more = "\n".join(line for line in others if not line.startswith(_ANSWERED))
    pair = _PAIR.fullmatch(first)
    if pair is None:
        return Statement(said=first, more=more, answered=answered, remedies=remedies)
    of, found, wanted = (pair[name] or "" for name in ("of", "found", "wanted"))
    return Statement(of, found, wanted, "", more, answered, remedies)
