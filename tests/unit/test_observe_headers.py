"""The rules for headers, policies and other origins, each by a value that holds and one that does not."""

from __future__ import annotations

import pytest

from backstop.model.http import Answer, Headers, Request
from backstop.observe import csp
from backstop.observe.cors import FOREIGN, open_to_all, open_with_credentials
from backstop.observe.grade import grade
from backstop.observe.reply import Reply
from backstop.probes.headers import (
    better_values,
    contradictions,
    hsts_seconds,
    missing_protection,
    xss_filter,
)

GOOD: Headers = (
    ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("content-security-policy", csp.BEST),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
    ("cross-origin-resource-policy", "same-origin"),
)
LEAST: Headers = (
    ("Strict-Transport-Security", "max-age=15552000"),
    ("X-Content-Type-Options", "NoSniff"),
    ("X-Frame-Options", "sameorigin"),
    ("Referrer-Policy", "no-such-policy, strict-origin-when-cross-origin"),
)


def _with(name: str, value: str | None, base: Headers = GOOD) -> Answer:
    kept = tuple(pair for pair in base if pair[0] != name)
    return Answer(200, kept if value is None else (*kept, (name, value)), b"")


def _reply(*headers: tuple[str, str], base: Headers = ()) -> Reply:
    return Reply(Request("GET", "http://bot.test/"), Answer(200, (*base, *headers), b""))


@pytest.mark.parametrize("headers", [GOOD, LEAST], ids=["best", "least"])
def test_protected_answers(headers: Headers) -> None:
    """What is enough is enough, whatever the case."""
    assert () == missing_protection(Answer(200, headers, b""))


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("strict-transport-security", None),
        ("strict-transport-security", "max-age=15551999"),
        ("strict-transport-security", "includeSubDomains"),
        ("strict-transport-security", "xmax-age=31536000"),
        ("x-content-type-options", "no-sniff"),
        ("x-content-type-options", ""),
        ("x-frame-options", "ALLOWALL"),
        ("x-frame-options", "ALLOW-FROM https://a.test"),
        ("referrer-policy", "unsafe-url"),
        ("referrer-policy", "no-referrer, unsafe-url"),
        ("referrer-policy", "nonsense"),
    ],
)
def test_unprotected_answers(header: str, value: str | None) -> None:
    """By value and not by presence; the finding names the header to send."""
    (finding,) = missing_protection(_with(header, value))

    assert header in finding.fix.lower()


@pytest.mark.parametrize("value", ["max-age=7", 'max-age="7"', "preload; MAX-AGE = 7"])
def test_age_of_hsts_is_read_in_each_notation(value: str) -> None:
    """Names have no case, and white space does not count."""
    assert 7 == hsts_seconds(value)


def test_what_could_be_better() -> None:
    """Nothing of the best; of the least what it lacks."""
    assert () == better_values(Answer(200, GOOD, b""))
    found = " ".join(finding.fix for finding in better_values(Answer(200, LEAST, b"")))
    assert all(name in found for name in ("includeSubDomains", "no-referrer", "no-store", "same-origin"))


@pytest.mark.parametrize(
    ("value", "well"),
    [("0", True), ("1; mode=block", True), ("1;mode=BLOCK", True), ("1", False), ("1; report=/x", False)],
)
def test_the_old_filter(value: str, well: bool) -> None:
    """Off, or blocking; what it does otherwise opened holes."""
    assert well == (xss_filter(_with("X-XSS-Protection", value)) is None)
    assert xss_filter(Answer(200, GOOD, b"")) is None


@pytest.mark.parametrize(
    ("headers", "count"),
    [
        ((("X-Frame-Options", "DENY"), ("x-frame-options", "SAMEORIGIN")), 1),
        ((("X-Frame-Options", "DENY, SAMEORIGIN"),), 1),
        ((("X-Frame-Options", "DENY"), ("x-frame-options", "DENY")), 0),
        ((("X-Frame-Options", "DENY, DENY"),), 0),
        ((("Referrer-Policy", "no-referrer, strict-origin"),), 0),
        ((("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")), 0),
        ((("Content-Type", "text/html"), ("Content-Type", "application/json")), 1),
        ((("Content-Type", "application/json, text/html"),), 1),
        ((("Content-Type", "application/json; charset=utf-8"),), 0),
    ],
)
def test_contradictions(headers: Headers, count: int) -> None:
    """In two lines or in one; the same value again is none, and a list of fallbacks neither."""
    assert count == len(contradictions(Answer(200, headers, b"")))


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (csp.BEST, ""),
        ("default-src 'self'; report-to main", ""),
        ("sandbox allow-scripts", ""),
        (" ; ", "no Content"),
        ("", "no Content"),
        ("defalt-src 'none'", "defalt-src"),
        ("default-src none", "without quotes"),
        ("default-src 'none'; frame-ancestors 'none", "one end only"),
        ("default-src self'", "one end only"),
        ("script-src 'nonce-r4nd0m' 'strict-dynamic'; style-src 'report-sample' https:", ""),
        ("default-src 'none', script-src self", "without quotes"),
    ],
)
def test_policies_that_do_not_mean_what_they_say(value: str, fault: str) -> None:
    """Misspelt directives and bare keywords are ignored by browsers, silently."""
    found = csp.misread(csp.policies(Answer(200, ((csp.HEADER, value),), b"")))

    assert fault in found
    assert bool(fault) == bool(found)


@pytest.mark.parametrize(
    ("value", "open_to_scripts"),
    [
        (csp.BEST, False),
        ("default-src 'self'", False),
        ("default-src *; script-src 'none'", False),
        ("script-src 'nonce-abc' 'unsafe-inline'", False),
        ("script-src *, default-src 'none'", False),
        ("script-src 'nonce-abc' 'strict-dynamic' https: 'unsafe-inline'", False),
        ("sandbox", False),
        ("script-src 'nonce-abc' https: 'unsafe-inline'", True),
        ("script-src 'nonce-abc' 'strict-dynamic' https: 'unsafe-eval'", True),
        ("default-src 'none'; script-src *", True),
        ("default-src 'self' 'unsafe-inline'", True),
        ("script-src 'self' 'unsafe-eval'", True),
        ("script-src https:", True),
        ("frame-ancestors 'none'", True),
        ("script-src *; script-src 'none'", True),
    ],
)
def test_policies_that_let_scripts_in(value: str, open_to_scripts: bool) -> None:
    """All policies are in force, so one that is tight is enough; the first of two directives counts."""
    assert open_to_scripts == bool(csp.open_to_scripts(csp.parse(value)))


def test_no_policy_is_no_open_policy() -> None:
    """That one is missing is another finding."""
    assert not csp.open_to_scripts(())
    assert csp.misread(())


@pytest.mark.parametrize(
    ("origin", "credentials", "anybody", "acting"),
    [
        ("*", "true", True, True),
        (FOREIGN, "TRUE", True, True),
        ("null", "true", True, True),
        (FOREIGN, "false", True, False),
        ("*", None, True, False),
        ("https://dashboard.test", "true", False, False),
        (None, "true", False, False),
    ],
)
def test_other_origins(origin: str | None, credentials: str | None, anybody: bool, acting: bool) -> None:
    """Reading is one thing, reading as the visitor another; a page of the bot's own is neither."""
    pairs = (("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Credentials", credentials))
    reply = _reply(*((name, value) for name, value in pairs if value is not None))

    assert (anybody, acting) == (bool(open_to_all(reply)), bool(open_with_credentials(reply)))


@pytest.mark.parametrize(
    ("reply", "mark", "score"),
    [
        (_reply(base=GOOD), "A+", 125),
        (_reply(("Content-Security-Policy", "default-src 'none'"), base=LEAST), "A+", 110),
        (_reply(base=LEAST), "B", 75),
        (_reply(), "D-", 25),
        (_reply(("Access-Control-Allow-Origin", "*")), "F", 0),
    ],
)
def test_grades(reply: Reply, mark: str, score: int) -> None:
    """Observatory's weights; the bonus only from 90 points up, and never below nothing."""
    found = grade(reply)

    assert (mark, score) == (found.mark, found.score)
    assert bool(found.findings) == (score != 125)


def test_a_short_hsts_costs_less_than_none() -> None:
    """As at Observatory."""
    short, none = (
        grade(Reply(Request("GET", "/"), _with("strict-transport-security", value)))
        for value in ("max-age=60", None)
    )

    assert 10 == short.score - none.score or short.score > none.score
