"""What an answer tells: found where it stands, and nothing where there is nothing."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from backstop.model.http import Answer
from backstop.model.target import Channels, Secret, Statuspage, Target, Webhook
from backstop.observe.leaks import (
    leaked_secret,
    logged_secret,
    redactor_of,
    secrets_of,
    software_version,
    source_path,
    stack_trace,
)

APPLICATION = "MTAwMDAwMDAwMDAwMDAwMDAw"
TOKEN = f"{APPLICATION}.GaaaaA.x7Kq-thisTokenIsOfNobody_00zZ19qW4r"
REDACTOR = redactor_of([Secret("DISCORD_TOKEN", TOKEN)])


def _body(text: str) -> Answer:
    return Answer(401, (("Content-Type", "application/json"),), text.encode())


@pytest.mark.parametrize(
    "told",
    [TOKEN, TOKEN[-12:], TOKEN[40:48], base64.b64encode(f"bot:{TOKEN}".encode()).decode()],
    ids=["whole", "end", "eight characters", "base64"],
)
def test_secrets_are_found_without_being_shown(told: str) -> None:
    """In a body and in a header."""
    for answer in (_body(f'{{"error":"not {told}"}}'), Answer(200, (("X-Debug", told),), b"")):
        found = leaked_secret(answer, REDACTOR)

        assert "redacted" in found
        assert TOKEN[-12:] not in found


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"env {{'DISCORD_TOKEN': '{TOKEN}'}}", True),
        ("-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----", True),
        (f"PATCH /webhooks/100000000000000003/aW50ZXJhY3Rpb246abcdefghijkl failed, as {TOKEN}", True),
        ("PATCH /webhooks/100000000000000003/aW50ZXJhY3Rpb246abcdefghijkl failed", False),
        ("[redacted DISCORD_TOKEN]", False),
        ("register: stored 3 rows", False),
    ],
)
def test_what_a_bot_logs_of_its_secrets(line: str, told: bool) -> None:
    """The token of one interaction says what failed; what the bot hid itself is hidden."""
    found = logged_secret(("started", line), REDACTOR)

    assert told == bool(found)
    assert TOKEN[-12:] not in found


@pytest.mark.parametrize("text", ['{"error":"invalid request signature"}', APPLICATION, TOKEN[-7:], ""])
def test_what_is_no_secret(text: str) -> None:
    """Words, the public half of a token, and fewer than eight characters."""
    assert not leaked_secret(_body(text), REDACTOR)


KEY = "9f2b6c01d4e83a7752bb0c19e6a4d3f08815c7ae62f94d0b3e7a1c5586d2f0b4"


@pytest.mark.parametrize(("told", "leaks"), [(KEY[20:28], False), (KEY[20:31], False), (KEY[20:32], True)])
def test_a_few_digits_of_a_key_may_be_an_id(told: str, leaks: bool) -> None:
    """A CF-Ray is sixteen hexadecimal digits; that eight of them are in a key is no leak."""
    answer = Answer(200, (("CF-Ray", f"{told}-FRA"),), b"")

    assert bool(leaked_secret(answer, redactor_of([Secret("SIGNING_KEY", KEY)]))) is leaks


def test_all_secrets_of_a_target_are_known() -> None:
    """Those of the bot, ours, those that are sent, and those that were made for the run."""
    target = replace(
        Target("t", sandbox=True),
        discord_token=Secret("a", "1"),
        signing_key=Secret("b", "2"),
        cloudflare_token=Secret("c", "3"),
        headers=(("Plain", "text"), ("Access", Secret("d", "4"))),
        secrets=(("E", Secret("e", "5")),),
        channels=Channels(
            Webhook("f", Secret("f", "6")),
            Webhook("g", Secret("g", "7")),
            Statuspage("p", "c", "h", Secret("h", "8"), "https://api.statuspage.io/v1"),
        ),
    )

    assert ["a", "b", "c", "f", "g", "h", "d", "e"] == [secret.name for secret in secrets_of(target)]
    assert () == secrets_of(Target("t", sandbox=True))


@pytest.mark.parametrize(
    "text",
    [
        "Error: no\n    at verify (index.js:10:5)",
        '{"error":"Error: no\\n    at async fetch (worker.js:12:5)"}',
        "\n    at index.js:1:2\n",
        'Traceback (most recent call last):\n  File "x.py", line 1',
        "Error\n    at 10:30:15 (worker.js:10:30)",
        "Error\n    at 1234:10:30.js:4:5",
    ],
)
def test_stack_traces(text: str) -> None:
    """As text and inside of JSON."""
    assert "body: " in stack_trace(_body(text))


@pytest.mark.parametrize(
    "text",
    [
        "look at me (12:30:45)",
        '{"at":"2026-01-01T10:20:30Z"}',
        "meet at 10:20:30",
        "deployed\nat 10:30:15",
        '{"deployed":"by CI\\nat 2026-11-25T10:30:15+01:00"}',
        "deployed\n at noon (10:30:15)",
    ],
)
def test_what_is_no_stack_trace(text: str) -> None:
    """Times are none."""
    assert not stack_trace(_body(text))


@pytest.mark.parametrize(
    "text",
    [
        "/home/deploy/bot/src/router.js",
        "file:///app/worker.js",
        "in src/index.ts",
        "node_modules/tweetnacl/nacl.js",
        "C:\\\\Users\\\\me\\\\bot.js",
        "worker.js:41:13",
        "webpack:///./index.js",
    ],
)
def test_paths_of_the_source(text: str) -> None:
    """Wherever it was built."""
    assert source_path(_body(f'{{"error":"{text}"}}'))


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/docs/lib",
        "/interactions",
        "https://cdn.test/dist/app.js",
        "src",
        "next.js is nice",
    ],
)
def test_what_is_no_path_of_the_source(text: str) -> None:
    """Addresses and names."""
    assert not source_path(_body(text))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('<script src="/dist/app.js"></script>', False),
        ("<link href = 'lib/site.js' rel='modulepreload'>", False),
        ('<script src="/dist/app.js"></script><p>in dist/worker.js</p>', True),
        ('<script src="file:///home/me/app.js"></script>', True),
        ('<p title="src/index.ts">', True),
    ],
)
def test_what_a_page_leads_to_is_public(said: str, told: bool) -> None:
    """The assets of a page lie where its reader fetches them; what it says beside that is as everywhere."""
    assert told == bool(source_path(_body(said)))
    assert not source_path(Answer(200, (("Link", "</dist/app.js>; rel=preload"),), b""))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("X-Powered-By", "Express", True),
        ("Server", "nginx/1.25.3", True),
        ("Server", "cloudflare", False),
        ("Server", "nginx", False),
        ("X-Request-Id", "1.2.3", False),
    ],
)
def test_versions(name: str, value: str, told: bool) -> None:
    """What answers is nobody's business; that it is behind Cloudflare everybody may know."""
    assert told == bool(software_version(Answer(200, ((name, value),), b"")))
