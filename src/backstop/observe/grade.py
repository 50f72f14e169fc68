"""One mark for the headers of an answer, with MDN Observatory's weights, and how to better it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backstop.model.http import Answer
from backstop.observe import csp
from backstop.observe.cors import open_to_all
from backstop.observe.reply import Reply
from backstop.probes.headers import HeaderFinding, better_values, hsts_seconds, missing_protection

_FULL = 100
_BONUS_FROM = 90
_MARKS = (
    *((100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C")),
    *((45, "C-"), (40, "D+"), (30, "D"), (25, "D-"), (0, "F")),
)
_WEIGHTS = {
    "Strict-Transport-Security": 20,
    "X-Content-Type-Options": 5,
    "X-Frame-Options": 20,
    "Referrer-Policy": 5,
}
_SHORT_HSTS = 10
_NO_CSP, _OPEN_CSP, _BEST_CSP = 25, 20, 10
_OPEN_CORS = 50
_NO_REFERRER, _SAME_ORIGIN = 5, 10


@dataclass(frozen=True, slots=True)
class Grade:
    """``score`` as Observatory counts; ``findings`` say what would raise it, the required first."""

    score: int
    findings: tuple[HeaderFinding, ...]

    @property
    def mark(self) -> str:
        """From A+ to F."""
        return next(mark for least, mark in _MARKS if self.score >= least)


def grade(reply: Reply) -> Grade:
    """The mark of one answer."""
    answer = reply.answer
    score = max(0, _FULL - sum(_losses(reply)))
    if score >= _BONUS_FROM:
        score += sum(_bonuses(answer))
    return Grade(score, tuple(dict.fromkeys(_findings(reply))))


def _losses(reply: Reply) -> Iterator[int]:
    for finding in missing_protection(reply.answer):
        header = next(name for name in _WEIGHTS if name in finding.found)
        short = header == "Strict-Transport-Security" and hsts_seconds(finding.found.partition(":")[2]) > 0
        yield _SHORT_HSTS if short else _WEIGHTS[header]
    found = csp.policies(reply.answer)
    if not found:
        yield _NO_CSP
    elif csp.open_to_scripts(found):
        yield _OPEN_CSP
    if open_to_all(reply):
        yield _OPEN_CORS


def _bonuses(answer: Answer) -> Iterator[int]:
    if any(policy.get("default-src") == ("'none'",) for policy in csp.policies(answer)):
        yield _BEST_CSP
    if (answer.header("Referrer-Policy") or "").strip().lower() == "no-referrer":
        yield _NO_REFERRER
    if (answer.header("Cross-Origin-Resource-Policy") or "").strip().lower() == "same-origin":
        yield _SAME_ORIGIN


def _findings(reply: Reply) -> Iterator[HeaderFinding]:
    yield from missing_protection(reply.answer)
    found = csp.policies(reply.answer)
    if not csp.is_best(found):
        shown = "; ".join(reply.answer.all(csp.HEADER)) or "none"
        yield HeaderFinding(f"{csp.HEADER}: {shown}", f"send {csp.HEADER}: {csp.BEST}")
    if shown := open_to_all(reply):
        yield HeaderFinding(shown, "send no CORS headers, unless a web page needs them")
    yield from better_values(reply.answer)
