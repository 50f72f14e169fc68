"""Rules for the headers of an API that serves JSON to Discord.

Values are those of the OWASP Secure Headers project and MDN Observatory.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from backstop.model.http import Answer

HSTS_SECONDS = 15_552_000  # Observatory's least: 180 days
_STRICT_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


@dataclass(frozen=True, slots=True)
class HeaderFinding:
    """One header that does not protect: what was found, and the header to send instead."""

    found: str
    fix: str


@dataclass(frozen=True, slots=True)
class _Rule:
    header: str
    holds: Callable[[str], bool]
    better: str


def _hsts(value: str) -> bool:
    age = re.search(r"max-age=\"?(\d+)", value.lower())
    return age is not None and int(age[1]) >= HSTS_SECONDS


_RULES = (
    _Rule("Strict-Transport-Security", _hsts, "max-age=31536000; includeSubDomains"),
    _Rule("X-Content-Type-Options", lambda v: v.lower() == "nosniff", "nosniff"),
    _Rule("X-Frame-Options", lambda v: v.upper() in {"DENY", "SAMEORIGIN"}, "DENY"),
    _Rule("Referrer-Policy", lambda v: v.lower() in _STRICT_REFERRERS, "no-referrer"),
)


def missing_protection(answer: Answer) -> tuple[HeaderFinding, ...]:
    """The rules that an answer breaks, by value and not by presence; empty when it is protected."""
    return tuple(finding for rule in _RULES if (finding := _judge(rule, answer)))


def _judge(rule: _Rule, answer: Answer) -> HeaderFinding | None:
    values = {value.strip() for value in answer.all(rule.header)}
    fix = f"send {rule.header}: {rule.better}"
    if not values:
        return HeaderFinding(f"no {rule.header}", fix)
    if len(values) > 1 or not rule.holds(next(iter(values))):
        return HeaderFinding(f"{rule.header}: {' and '.join(sorted(values))}", fix)
    return None
