"""Credentials of the wrong kind, and of another target: refused by their looks, and never shown."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backstop.settings.discord_ids import application_of, of_another_application
from backstop.settings.faults import SettingsError
from backstop.settings.kinds import Wanted, mistaken
from tests.unit.targetsfiles import complaints, loaded

DEPLOYED = '[targets.t]\nurl = "https://bot.example.workers.dev"\n'
STAGING, PROD = "1300000000000000001", "1400000000000000002"
KEY = "0123456789abcdef" * 4
CF_TOKEN = "Zx81-kQ0w_Lm3N5pR7tV9yB2dF4hJ6sA8cE0gI1k"


def bot_token(application: str) -> str:
    """A token as Discord makes one, that works nowhere."""
    owner = base64.urlsafe_b64encode(application.encode()).decode().rstrip("=")
    return f"{owner}.GaBcDe.{'k9-Lw_3Z' * 4}abcdef"


@pytest.mark.parametrize(
    ("value", "wanted", "looks"),
    [
        (KEY, Wanted.DISCORD, "a public key"),
        (KEY, Wanted.CLOUDFLARE, "a public key"),
        (bot_token(PROD), Wanted.CLOUDFLARE, "a Discord bot token"),
        (bot_token(PROD), Wanted.SIGNING, "a Discord bot token"),
        (CF_TOKEN, Wanted.DISCORD, "a Cloudflare API token"),
        (f"cfut_{CF_TOKEN}", Wanted.DISCORD, "a Cloudflare API token"),
        (CF_TOKEN, Wanted.SIGNING, "a Cloudflare API token"),
        (PROD, Wanted.DISCORD, "a Discord id"),
        (PROD, Wanted.CLOUDFLARE, "a Discord id"),
        ("0123456789abcdef" * 2, Wanted.CLOUDFLARE, "the id of a Cloudflare account"),
        ("0123456789abcdef0123456789abcdef01234", Wanted.CLOUDFLARE, "Cloudflare's Global API Key"),
        (f"cfk_{CF_TOKEN}", Wanted.CLOUDFLARE, "Cloudflare's Global API Key"),
        ("v1.0-0123456789abcdef-0123456789abcdef0123", Wanted.CLOUDFLARE, "Cloudflare's Origin CA Key"),
        ("Zx81-kQ0w_Lm3N5pR7tV9yB2dF4hJ6sA", Wanted.DISCORD, "the application's Client Secret"),
        ("https://discord.com/api/webhooks/123/abcDEF", Wanted.DISCORD, "a Discord webhook's address"),
        ("https://hooks.slack.com/services/T0/B0/x", Wanted.CLOUDFLARE, "a Slack incoming webhook's"),
        ("https://hooks.slack.com/triggers/T0/1/x", Wanted.SLACK_WEBHOOK, "the trigger of a Slack workflow"),
        ("https://discord.com/api/webhooks/1/a", Wanted.SLACK_WEBHOOK, "a Discord webhook's address"),
        ("https://hooks.slack.com/services/T0/B0/x", Wanted.DISCORD_WEBHOOK, "a Slack incoming webhook's"),
        ("https://discord.com/api/webhooks/1/a/slack", Wanted.DISCORD_WEBHOOK, "a Discord webhook's address"),
        ("https://chat.example/webhooks/1", Wanted.SLACK_WEBHOOK, "an incoming webhook's address"),
        ("https://bot.example.workers.dev", Wanted.DISCORD_WEBHOOK, "an address"),
        (bot_token(PROD), Wanted.DISCORD_WEBHOOK, "a Discord bot token"),
        (bot_token(PROD), Wanted.STATUSPAGE, "a Discord bot token"),
        ("xoxb-1234567890-abcdef", Wanted.SLACK_WEBHOOK, "a token of a Slack app"),
        (f"cfut_{CF_TOKEN}", Wanted.STATUSPAGE, "a Cloudflare API token"),
        ("https://bot.example.workers.dev", Wanted.CLOUDFLARE, "an address"),
        ("-----BEGIN PRIVATE KEY-----\nMC4CAQ\n", Wanted.SIGNING, "a private key or certificate"),
        ("your-token-here", Wanted.DISCORD, "a placeholder"),
        ("<token>", Wanted.CLOUDFLARE, "a placeholder"),
        ("${DISCORD_TOKEN}", Wanted.DISCORD, "a placeholder"),
        ("changeme", Wanted.SIGNING, "a placeholder"),
        ("xxxxxxxx", Wanted.CLOUDFLARE, "a placeholder"),
        ('"your token here"', Wanted.CLOUDFLARE, "a placeholder"),
    ],
)
def test_another_kind_is_told_by_its_looks(value: str, wanted: Wanted, looks: str) -> None:
    """With what it looks like, and where the right one is; without the value."""
    said = mistaken(value, wanted)

    assert said.startswith(f"looks like {looks}"), said
    assert wanted.where in said
    assert value not in said


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (f'"{CF_TOKEN}"', "quotation marks"),
        (f"“{CF_TOKEN}”", "quotation marks"),
        (f"Bearer {CF_TOKEN}", "the word before it"),
        (f"CLOUDFLARE_API_TOKEN={CF_TOKEN}", "its name"),
        (f"{CF_TOKEN}\nmore", "a line break"),
        (f"{CF_TOKEN[:20]} {CF_TOKEN[20:]}", "a space"),
        (f"{CF_TOKEN}\u200b", "a space or another character"),
    ],
)
def test_what_was_pasted_along(value: str, what: str) -> None:
    """The right credential, with something around it."""
    said = mistaken(value, Wanted.CLOUDFLARE)

    assert f"pasted along with it: {what}" in said
    assert CF_TOKEN[:8] not in said


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (CF_TOKEN, Wanted.CLOUDFLARE),
        (f"cfat_{CF_TOKEN}", Wanted.CLOUDFLARE),
        ("of-a-form.that-nobody_knows~yet", Wanted.CLOUDFLARE),
        (f"my-{CF_TOKEN[3:]}", Wanted.CLOUDFLARE),  # by chance
        (bot_token(PROD), Wanted.DISCORD),
        ("mfa.of-a-form-that-nobody-knows-yet", Wanted.DISCORD),
        (KEY, Wanted.SIGNING),
        (KEY, Wanted.STATUSPAGE),
        ("89a229ce-1a8d-bcf9-ff30-430fbe35eb4c", Wanted.STATUSPAGE),
        ("https://hooks.slack.com/services/T024BE7LD/B024BE7LH/k3J9sQ", Wanted.SLACK_WEBHOOK),
        ("https://ptb.discord.com/api/v10/webhooks/1300000000000000001/k3J9-sQ", Wanted.DISCORD_WEBHOOK),
    ],
)
def test_the_right_kind_passes(value: str, wanted: Wanted) -> None:
    """So does what has no known form: the services decide."""
    assert "" == mistaken(value, wanted)


@given(st.text(min_size=16, max_size=60), st.sampled_from(Wanted))
def test_nothing_of_it_is_shown(value: str, wanted: Wanted) -> None:
    """Whatever somebody has pasted."""
    assume(len(value.strip()) >= 16)

    assert value.strip() not in mistaken(value, wanted)


@pytest.mark.parametrize("name", ["discord_token", "cloudflare_api_token", "signing_key"])
def test_a_wrong_kind_stops_its_target_only(tmp_path: Path, name: str) -> None:
    """It says which variable holds it, and other targets can be used."""
    text = DEPLOYED + f'{name} = "env:PASTED"\n[targets.local]\nsandbox = true\nproject = "bot"\n'
    env = {"PASTED": "your-token-here"}

    assert loaded(tmp_path, text, env, name="local").sandbox
    with pytest.raises(SettingsError, match="what PASTED holds looks like a placeholder") as caught:
        loaded(tmp_path, text, env)

    assert "your-token-here" not in str(caught.value)


def test_a_wrong_kind_in_a_global_variable_stops_what_uses_it(tmp_path: Path) -> None:
    """A target with a token of its own does not care."""
    text = DEPLOYED + '[targets.own]\nurl = "https://b.example"\ndiscord_token = "env:OWN"\n'
    env = {"DISCORD_TOKEN": KEY, "OWN": bot_token(STAGING)}

    assert loaded(tmp_path, text, env, name="own").discord_token is not None
    with pytest.raises(SettingsError, match="what DISCORD_TOKEN holds looks like a public key"):
        loaded(tmp_path, text, env)


def test_a_wrong_kind_in_the_file_is_a_fault_of_the_file(tmp_path: Path) -> None:
    """With its line."""
    (said,) = complaints(tmp_path, DEPLOYED + f'discord_token = "{KEY}"')

    assert said.startswith(
        "targets.toml:3: targets.t.discord_token: what targets.t.discord_token holds looks"
    )
    assert KEY[:8] not in said


def test_the_token_of_another_target_is_refused(tmp_path: Path) -> None:
    """Staging's application against the global token, which is that of production."""
    text = DEPLOYED + f'discord_application_id = "{STAGING}"\n'
    env = {"DISCORD_TOKEN": bot_token(PROD)}

    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, text, env)

    assert f"the token of application {PROD}, wanted that of {STAGING}" in str(caught.value)
    assert "k9-Lw_3Z" not in str(caught.value)


def test_the_token_of_this_target_is_taken(tmp_path: Path) -> None:
    """Whether it is its own or the global one."""
    text = DEPLOYED + f'discord_application_id = "{PROD}"\n'

    assert loaded(tmp_path, text, {"DISCORD_TOKEN": bot_token(PROD)}).discord_token is not None


@pytest.mark.parametrize(
    ("token", "application", "found"),
    [
        (bot_token(PROD), STAGING, PROD),
        (bot_token(PROD), PROD, ""),
        (bot_token(PROD), "100000000000000001", ""),  # of 2015: its bot has an id of its own
        (bot_token("100000000000000001"), PROD, ""),
        (bot_token(PROD), "", ""),
        (bot_token(PROD), "not an id", ""),
        ("no token", STAGING, ""),
        (f"{'é' * 20}.GaBcDe.{'k' * 38}", STAGING, ""),
        (bot_token("no number at all"), STAGING, ""),
    ],
)
def test_another_application_is_told_where_it_is_certain(token: str, application: str, found: str) -> None:
    """Old bots have another id than their application, so that only Discord can tell."""
    assert found == of_another_application(token, application)


def test_a_token_begins_with_its_application() -> None:
    """In base64, which is no secret."""
    assert PROD == application_of(bot_token(PROD))


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("", ()),
        ('cloudflare_api_token = "env:MINE"', ("cloudflare_api_token",)),
        ('cloudflare_account_id = "env:MINE"', ("cloudflare_account_id",)),
    ],
)
def test_what_a_target_names_itself_is_known(tmp_path: Path, text: str, own: tuple[str, ...]) -> None:
    """So that nothing else can stand in for it when it is not set."""
    assert own == loaded(tmp_path, DEPLOYED + text).own
