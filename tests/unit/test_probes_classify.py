"""Answers that are not the bot's: recognised, and nothing of the bot's own taken for one."""

from __future__ import annotations

import pytest

from backstop.model.http import Answer, Headers
from backstop.model.version import VersionId
from backstop.probes.classify import cloudflare_error
from backstop.probes.hurdles import blocked
from backstop.probes.serving import version_shown

HTML: Headers = (("Content-Type", "text/html; charset=UTF-8"),)
TEXT: Headers = (("content-type", "text/plain; charset=UTF-8"),)
OLD = VersionId("71570803-d6b0-4a51-b97f-42fadb8da7e1")
NEW = VersionId("190f9b47-003b-4860-b1c5-cd75d8818148")


def _page(code: int) -> bytes:
    return (
        f'<html><title>Worker threw exception | bot | Cloudflare</title><h1 data-translate="x">'
        f'<span class="cf-error-type">Error</span>\n <span class="cf-error-code">{code}</span></h1>'
    ).encode()


@pytest.mark.parametrize("code", [1101, 1102, 1015, 1019, 1022, 1027, 1042, 524])
def test_cloudflares_error_pages_are_named(code: int) -> None:
    """In HTML and in the plain text that clients other than browsers get."""
    assert code == cloudflare_error(Answer(500, HTML, _page(code)))
    assert code == cloudflare_error(Answer(503, TEXT, f"error code: {code}".encode()))
    assert code == cloudflare_error(Answer(429, (), f"error code: {code}\n".encode()))


@pytest.mark.parametrize(
    "page",
    [
        b"<title>Error 1101</title>",
        b"<h1>Error 1101</h1>",
        b"<h1>\n  Error code: 1101</h1>",
        b"<p>The worker failed, error code 1101</p>",
    ],
)
def test_other_forms_of_the_page_are_read_too(page: bytes) -> None:
    """The page has been redesigned before."""
    assert 1101 == cloudflare_error(Answer(500, HTML, page))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(200, HTML, _page(1101)), id="ok status"),
        pytest.param(Answer(500, (("Content-Type", "application/json"),), b'"error code: 1101"'), id="JSON"),
        pytest.param(Answer(500, HTML, b"<h1>Internal error</h1> ticket 1101"), id="a number"),
        pytest.param(Answer(500, HTML, b""), id="empty"),
    ],
)
def test_the_bots_own_errors_are_not_cloudflares(answer: Answer) -> None:
    """A bot may fail in its own words."""
    assert cloudflare_error(answer) is None
    assert blocked(answer) is None


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(403, (*HTML, ("Cf-Mitigated", "challenge")), b""), "challenge"),
        (
            Answer(302, (("Location", "https://x.cloudflareaccess.com/cdn-cgi/access/login"),), b""),
            "Access login",
        ),
        (Answer(403, HTML, _page(1010)), "1010"),
        (Answer(403, HTML, _page(1020)), "1020"),
        (Answer(403, HTML, b"<title>Just a moment...</title>"), "challenge page"),
        (Answer(403, HTML, b"<title>Attention Required! | Cloudflare</title>"), "you have been blocked"),
        (Answer(403, HTML, b'<h1 data-x="y">Sorry, you have been blocked</h1>'), "you have been blocked"),
        (
            Answer(401, (("WWW-Authenticate", 'Cloudflare-Access resource_metadata="x"'),), b""),
            "wants a token",
        ),
        (Answer(403, HTML, "<title>Error \u30fb Cloudflare Access</title>".encode()), "does not let us in"),
    ],
)
def test_hurdles_in_front_of_the_bot_are_named(answer: Answer, why: str) -> None:
    """Of the bot behind them nothing is known."""
    hurdle = blocked(answer)

    assert hurdle is not None
    assert why in hurdle.what
    assert hurdle.remedy


@pytest.mark.parametrize(
    "answer",
    [
        Answer(403, TEXT, b"forbidden"),
        Answer(500, HTML, _page(1101)),
        Answer(429, HTML, _page(1015)),
        Answer(302, (("Location", "https://example.org/?to=cloudflareaccess.com"),), b""),
        Answer(302, (("Location", "https://evilcloudflareaccess.com/"),), b""),
        Answer(302, (("Location", "http://[broken"),), b""),
        Answer(302, (), b""),
        Answer(403, (("Content-Type", "application/json"),), b'"<title>Just a moment...</title>"'),
        Answer(200, HTML, b"<title>Just a moment...</title>"),
        Answer(500, HTML, b"<title>Attention Required! | Cloudflare</title>"),
        Answer(401, (("WWW-Authenticate", "Bearer"),), b""),
        Answer(503, HTML, b'<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>down'),
        Answer(200, (("Location", "https://x.cloudflareaccess.com/"),), b""),
    ],
)
def test_what_the_bot_or_its_own_failure_answers_is_no_hurdle(answer: Answer) -> None:
    """An exception in the bot must never be excused as being blocked."""
    assert blocked(answer) is None


def test_the_version_is_read_from_body_or_headers() -> None:
    """Wherever the bot shows its metadata."""
    assert OLD == version_shown(Answer(200, (), f'{{"version":"{OLD}"}}'.encode()), (OLD, NEW))
    assert NEW == version_shown(Answer(200, (("X-Version", NEW.upper()),), b""), (OLD, NEW))


@pytest.mark.parametrize("body", ["", "no id", f"{OLD} and {NEW}", "deadbeef-d6b0-4a51-b97f-42fadb8da7e1"])
def test_no_version_is_guessed(body: str) -> None:
    """None, an unknown one and several are all no answer."""
    assert version_shown(Answer(200, (), body.encode()), (OLD, NEW)) is None
