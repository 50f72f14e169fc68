"""Lines of a journal are chained by hash, so that a change of one shows. Pure.

The last member of a line, ``chain``, is the SHA-256, in hexadecimal digits, of the chain of the line before
(nothing for the first) and of this line's bytes without that member and without its end. It is no
signature: who changes a journal can chain it anew, and then ends with another seal than was announced.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from backstop.journal.record import Record

LINK = re.compile(r"[0-9a-f]{64}")

_MEMBER = re.compile(rb', "chain": "([0-9a-f]{64})"\}\n')
_LENGTH = len(', "chain": ""}\n') + 64


def link(before: str, line: bytes) -> str:
    """The chain of a ``line`` (with its end, without a chain) that follows one whose chain is ``before``."""
    return hashlib.sha256(before.encode() + line.rstrip(b"\n")).hexdigest()


def chained(line: bytes, chain: str) -> bytes:
    """A line of JSON, with its end, and its chain as last member."""
    return line.rstrip(b"\n").removesuffix(b"}") + f', "chain": "{chain}"}}\n'.encode()


def unchained(line: bytes) -> tuple[bytes, str]:
    """A line without its chain, and that chain; empty where it has none, or not as we write it."""
    found = _MEMBER.fullmatch(line, max(0, len(line) - _LENGTH))
    if found is None:
        return line, ""
    return line[: found.start()] + b"}\n", found[1].decode()


def seal(records: Sequence[Record]) -> str:
    """The last chain of a journal, which stands for all of it; empty where its lines are not chained."""
    return next((record.chain for record in reversed(records) if record.chain), "")
