"""Rules for the headers of an API that serves JSON to Discord.

Values are those of the OWASP Secure Headers project and MDN Observatory.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from backstop.model.http import Answer

HSTS_SECONDS = 15_552_000  # Observatory's least: 180 days
HSTS_BETTER = 31_536_000
_STRICT_REFERRERS = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
_ANY_REFERRER = {
    *_STRICT_REFERRERS,
    *("origin", "origin-when-cross-origin", "no-referrer-when-downgrade", "unsafe-url"),
}

# Headers that are sent once or mean nothing; a comma in one of the first kind is two of them in one line.
_NO_COMMA = (
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-XSS-Protection",
    "Cross-Origin-Resource-Policy",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Content-Type",
)
_ONCE = (*_NO_COMMA, "Content-Security-Policy", "Referrer-Policy")


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


def hsts_seconds(value: str) -> int:
    """The max-age of a Strict-Transport-Security header; 0 when it has none."""
    age = re.search(r"(?:^|;)\s*max-age\s*=\s*\"?(\d{1,18})", value.lower())
    return int(age[1]) if age else 0


def _referrer(value: str) -> str:
    """The policy that a browser takes: the last one of a list that it knows."""
    known = [part.strip() for part in value.lower().split(",") if part.strip() in _ANY_REFERRER]
    return known[-1] if known else ""


def _best_hsts(value: str) -> bool:
    return hsts_seconds(value) >= HSTS_BETTER and "includesubdomains" in value.lower()


_REQUIRED = (
    _Rule(
        "Strict-Transport-Security",
        lambda v: hsts_seconds(v) >= HSTS_SECONDS,
        "max-age=31536000; includeSubDomains",
    ),
    _Rule("X-Content-Type-Options", lambda v: v.lower() == "nosniff", "nosniff"),
    _Rule("X-Frame-Options", lambda v: v.upper() in {"DENY", "SAMEORIGIN"}, "DENY"),
    _Rule("Referrer-Policy", lambda v: _referrer(v) in _STRICT_REFERRERS, "no-referrer"),
)
_BETTER = (
    _Rule("Strict-Transport-Security", _best_hsts, "max-age=31536000; includeSubDomains"),
    _Rule("Referrer-Policy", lambda v: _referrer(v) == "no-referrer", "no-referrer"),
    _Rule("Cache-Control", lambda v: "no-store" in v.lower(), "no-store"),
    _Rule("Cross-Origin-Resource-Policy", lambda v: v.lower() == "same-origin", "same-origin"),
)
_XSS = re.compile(r"0|1\s*;\s*mode\s*=\s*block", re.IGNORECASE)


def missing_protection(answer: Answer) -> tuple[HeaderFinding, ...]:
    """The rules that an answer breaks, by value and not by presence; empty when it is protected."""
    return tuple(finding for rule in _REQUIRED if (finding := _judge(rule, answer)))


def better_values(answer: Answer) -> tuple[HeaderFinding, ...]:
    """What a protected answer could still do better; empty when nothing."""
    found = [finding for rule in _BETTER if (finding := _judge(rule, answer))]
    if answer.header("X-XSS-Protection") not in {None, "0"}:
        found.append(HeaderFinding(_shown("X-XSS-Protection", answer), "send X-XSS-Protection: 0, or none"))
    return tuple(found)


def xss_filter(answer: Answer) -> HeaderFinding | None:
    """An X-XSS-Protection that opens holes: anything but none, ``0`` and ``1; mode=block``."""
    if all(_XSS.fullmatch(value.strip()) for value in answer.all("X-XSS-Protection")):
        return None
    return HeaderFinding(_shown("X-XSS-Protection", answer), "send X-XSS-Protection: 0, or none")


def contradictions(answer: Answer) -> tuple[HeaderFinding, ...]:
    """Headers that are there more than once with differing values: each client picks another one."""
    return tuple(
        HeaderFinding(f"{header}: {' and '.join(values)}", f"send {header} once")
        for header in _ONCE
        if len(values := _distinct(header, answer)) > 1
    )


def _distinct(header: str, answer: Answer) -> tuple[str, ...]:
    lines = answer.all(header)
    if header in _NO_COMMA:
        lines = tuple(part for line in lines for part in line.split(","))
    return tuple(dict.fromkeys(line.strip() for line in lines))


def _judge(rule: _Rule, answer: Answer) -> HeaderFinding | None:
    values = {value.strip() for value in answer.all(rule.header)}
    fix = f"send {rule.header}: {rule.better}"
    if not values:
        return HeaderFinding(f"no {rule.header}", fix)
    if len(values) > 1 or not rule.holds(next(iter(values))):
        return HeaderFinding(_shown(rule.header, answer), fix)
    return None


def _shown(header: str, answer: Answer) -> str:
    return f"{header}: {' and '.join(sorted({value.strip() for value in answer.all(header)}))}"
