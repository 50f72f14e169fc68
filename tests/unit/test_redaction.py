"""What is taken out of text, and what has to stay readable."""

from __future__ import annotations

import base64
import html
import json
import re
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstop.redaction import Redactor
from backstop.spellings import PIECE

SECRET = "s3cr3t/Value+With~Odd=Bits&42"
APPLICATION = base64.b64encode(b"100000000000000001").decode().rstrip("=")
DISCORD_TOKEN = f"{APPLICATION}.GhT7Yx.q3-ZtR8vLw0NcJ5sKd2Xb9aQmE6uVf1HyPoI7g"

KNOWING = Redactor()
KNOWING.register("API_KEY", SECRET)


@pytest.fixture
def redactor() -> Redactor:
    """One that knows a single secret."""
    made = Redactor()
    made.register("API_KEY", SECRET)
    return made


def test_known_secret_is_replaced_by_its_name(redactor: Redactor) -> None:
    """What surrounds the secret stays, and its name says what was there."""
    assert redactor.redact(f"key={SECRET}; next") == "key=[redacted API_KEY]; next"


def test_every_occurrence_is_replaced(redactor: Redactor) -> None:
    """Also several on one line, and at both ends."""
    text = f"{SECRET} and {SECRET}"

    assert redactor.redact(text) == "[redacted API_KEY] and [redacted API_KEY]"


@pytest.mark.parametrize("start", range(len(SECRET) - PIECE + 1))
@pytest.mark.parametrize("before", ["", "x", "xx", "xxx", "xxxx"])
def test_any_piece_of_eight_is_found(redactor: Redactor, start: int, before: str) -> None:
    """Truncated output shows no eight characters of a secret, wherever they stand."""
    piece = SECRET[start : start + PIECE]

    assert redactor.redact(f"{before} {piece}…") == f"{before} [redacted API_KEY]…"


@pytest.mark.parametrize("prefix", ["", "u", "us", "user:"])
def test_base64_is_found_at_every_alignment(redactor: Redactor, prefix: str) -> None:
    """The secret may stand anywhere in what was encoded, in both alphabets."""
    raw = f"{prefix}{SECRET}!".encode()

    for encoded in (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()):
        assert "[redacted API_KEY]" in redactor.redact(encoded)
        assert encoded[8:24] not in redactor.redact(encoded)


ESCAPES: dict[str, Callable[[str], str]] = {
    "address": lambda text: quote(text, safe=""),
    "path": quote,
    "lower case": lambda text: re.sub("%..", lambda found: found.group().lower(), quote(text, safe="")),
    "form": quote_plus,
    "HTML": html.escape,
    "HTML by numbers": lambda text: html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;"),
    "JSON": json.dumps,
    "JSON with all letters": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON with slashes": lambda text: json.dumps(text).replace("/", "\\/"),
    "Python text": repr,
    "Python text in ASCII": ascii,
    "Python bytes": lambda text: repr(text.encode()),
}


@pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES.keys())
@pytest.mark.parametrize("secret", [SECRET, "A/9+C/8=E/7+G/6", "a\\9\nb'8\"c d&7<e>\tf", "пароль-Ж9x-é8q-Z7"])
def test_escaped_forms_are_found(secret: str, escape: Callable[[str], str]) -> None:
    """However it is written: no eight characters of it in a row are left."""
    redactor = Redactor()
    redactor.register("API_KEY", secret)

    quoted = escape(secret).removeprefix("b").strip("\"'")
    left = redactor.redact(f"\0{quoted}\0").split("\0")[1]

    assert "[redacted API_KEY]" in left
    assert all(len(part) < PIECE for part in left.split("[redacted API_KEY]"))


def test_hexadecimal_key_is_found_in_either_case() -> None:
    """A key is the same key in capitals, and as base64 of its bytes."""
    seed = "9f" + "0123456789abcdef" * 3 + "a1b2c3d4e5f607"
    redactor = Redactor()
    redactor.register("SIGNING_KEY", seed)

    for form in (seed, seed.upper(), base64.b64encode(bytes.fromhex(seed)).decode()[:40]):
        assert redactor.redact(form).startswith("[redacted SIGNING_KEY]")


def test_json_stays_json(redactor: Redactor) -> None:
    """A redacted line of the journal still parses."""
    line = json.dumps({"header": f"Bearer {SECRET}", "n": 1})

    assert json.loads(redactor.redact(line)) == {"header": "Bearer [redacted API_KEY]", "n": 1}


def test_names_are_made_harmless() -> None:
    """A name can't break out of the text in which it is put."""
    redactor = Redactor()
    redactor.register('a"b<c', SECRET)

    assert redactor.redact(SECRET) == "[redacted a_b_c]"


def test_discord_token_keeps_the_application_id() -> None:
    """The first part of a bot token is an id, the rest is secret, whole or cut."""
    redactor = Redactor()
    redactor.register("DISCORD_TOKEN", DISCORD_TOKEN)

    assert redactor.redact(f"Bot {DISCORD_TOKEN}") == f"Bot {APPLICATION}.[redacted DISCORD_TOKEN]"
    assert redactor.redact(f"id {APPLICATION}") == f"id {APPLICATION}"
    assert redactor.redact(DISCORD_TOKEN[30:45]) == "[redacted DISCORD_TOKEN]"


def test_url_keeps_its_host() -> None:
    """Of a webhook's address only the token goes."""
    redactor = Redactor()
    address = "https://hooks.example.com/services/T0AAAA111/B0BBBB222/x8Kq2LmN4pRs6TuV"
    redactor.register("HOOK", address)

    assert redactor.redact("https://hooks.example.com/status") == "https://hooks.example.com/status"
    assert "x8Kq2LmN4pRs6TuV" not in redactor.redact(address)


def test_password_in_an_address_is_secret() -> None:
    """The host and path stay, the password goes."""
    redactor = Redactor()
    redactor.register("PROXY", "http://me:pass-w0rd-991@proxy.example.com:8080/")

    assert redactor.redact("x pass-w0rd-991 proxy.example.com") == "x [redacted PROXY] proxy.example.com"


@pytest.mark.parametrize("value", ["", "short", "100000000000000001", "production", "2026-11-24", "8787"])
def test_values_that_cannot_be_told_from_text_are_left(value: str) -> None:
    """Ids, short words and numbers would blank the evidence."""
    redactor = Redactor()
    redactor.register("NAME", value)

    assert redactor.redact(f"the text {value} stays") == f"the text {value} stays"


def test_words_within_a_secret_stay_readable() -> None:
    """A secret that contains a word doesn't take that word from every report."""
    redactor = Redactor()
    redactor.register("TOKEN", "bot-production-x7Kp2")

    assert redactor.redact("the production worker") == "the production worker"
    assert redactor.redact("is bot-production-x7Kp2 here") == "is [redacted TOKEN] here"


def test_long_lower_case_secret_is_no_word() -> None:
    """A secret of nothing but small letters is found too, in pieces."""
    redactor = Redactor()
    redactor.register("TOKEN", "qwmzxnvbtrplkjhgfdsa")

    assert redactor.redact("is zxnvbtrplk here") == "is [redacted TOKEN] here"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (f"token {DISCORD_TOKEN}", f"token {APPLICATION}.[redacted Discord token]"),
        (
            "POST https://discord.com/api/v10/webhooks/100000000000000001/aW50ZXJhY3Rpb246MTIz-Token_x/messages",
            "POST https://discord.com/api/v10/webhooks/100000000000000001/[redacted webhook token]/messages",
        ),
        (
            "/interactions/100000000000000001/aW50ZXJhY3Rpb246MTIz/callback",
            "/interactions/100000000000000001/[redacted interaction token]/callback",
        ),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [redacted credential]"),
        ('{"authorization": "Bot abc"}', '{"authorization": "Bot [redacted credential]"}'),
        (r"{\"Authorization\": \"Basic dXNlcg==\"}", r"{\"Authorization\": \"Basic [redacted credential]\"}"),
        ("sent Bearer 0123456789abcdefABCDEF", "sent Bearer [redacted credential]"),
        (
            "CLOUDFLARE_API_TOKEN=Zx0_Zx1-Zx2Zx3Zx4Zx5Zx6Zx7Zx8Zx9Zx0Zx1Zx",
            "CLOUDFLARE_API_TOKEN=[redacted Cloudflare token]",
        ),
        (
            "https://hooks.slack.com/services/T0/B0/abcdefgh12345678",
            "https://hooks.slack.com/services/[redacted webhook token]",
        ),
        ("-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----", "[redacted private key]"),
    ],
)
def test_credentials_are_known_by_their_shape(text: str, cleaned: str) -> None:
    """What nobody registered is found where its form or its place gives it away."""
    assert Redactor().redact(text) == cleaned


@pytest.mark.parametrize("before", range(64 * 1024 - 40, 64 * 1024 + 4, 3))
@pytest.mark.parametrize("word", ["authorization", "Authorization", "aUTHORIZATIOn"])
def test_credentials_are_found_in_the_middle_of_a_long_text(before: int, word: str) -> None:
    """A long text is looked through in parts, and what lies across two of them is found as well."""
    text = f"{'é' * before} {word}: Bot Zx0abc {'.' * 70_000}"

    assert text.replace("Zx0abc", "[redacted credential]") == Redactor().redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "version 71570803-d6b0-4a51-b97f-42fadb8da7e1 serves 100%",
        "channel 100000000000000001, application 100000000000000002",
        "public key 3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29",
        "commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
        "https://bot.example.workers.dev/interactions?x=1",
        "https://rocketleague.tracker.network/rocket-league/profile/steam/76561198000000000/overview",
        "Bot token is missing; Bearer tokens are not used; Bot 71570803-d6b0-4a51-b97f-42fadb8da7e1",
        "the required secret CLOUDFLARE_API_TOKEN is missing",
        "discord.signature.tampered failed: [STATUS] (500) == 401",
    ],
)
def test_evidence_stays_readable(redactor: Redactor, text: str) -> None:
    """Ids, public keys, addresses and prose are what a report is read for."""
    redactor.register("DISCORD_TOKEN", DISCORD_TOKEN)

    assert redactor.redact(text) == text


@given(st.text(max_size=60), st.integers(0, len(SECRET) - PIECE), st.text(max_size=60))
def test_redacting_twice_is_redacting_once(before: str, start: int, after: str) -> None:
    """What is put in a secret's place isn't taken for one."""
    once = KNOWING.redact(f"{before}{SECRET[start:]}{after}")

    assert KNOWING.redact(once) == once
    assert SECRET[start : start + PIECE] not in once


def test_long_text_is_quick(redactor: Redactor) -> None:
    """A megabyte of output with many secrets known takes no more than a moment."""
    for number in range(20):
        redactor.register(f"KEY_{number}", f"{number}-k{number}Key~{number * 7919}-{SECRET[::-1]}")
    text = json.dumps([{"check": "health.reachable", "seconds": n / 7} for n in range(18_000)])
    began = time.process_time()

    assert redactor.redact(text) == text
    assert len(text) > 900_000
    assert time.process_time() - began < 3
