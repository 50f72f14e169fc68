"""What a target takes from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.model.target import Secret
from backstop.redaction import REDACTOR
from backstop.settings.faults import SettingsError
from tests.unit.targetsfiles import complaints, loaded

SANDBOX = '[targets.t]\nsandbox = true\nproject = "bot"\n'
DEPLOYED = '[targets.t]\nurl = "https://bot.example.workers.dev"\n'

REAL = {
    "CLOUDFLARE_API_TOKEN": "cf-Token-0123-real",
    "CLOUDFLARE_ACCOUNT_ID": "0123456789abcdef0123456789abcdef",
    "CLOUDFLARE_API_BASE_URL": "https://api.example.com/v4/",
    "DISCORD_TOKEN": "dc-Token-4567-real",
    "DISCORD_APPLICATION_ID": "100000000000000001",
    "DISCORD_API_BASE_URL": "https://discord.example.com/api",
    "DISCORD_STATUS_BASE_URL": "https://status.example.com/api/",
    "CLOUDFLARE_STATUS_BASE_URL": "https://cloud.example.com/api/",
}


def test_global_names_are_the_fallback(tmp_path: Path) -> None:
    """The usual variables serve every target that names no others."""
    target = loaded(tmp_path, DEPLOYED, REAL)

    assert target.cloudflare_token == Secret("CLOUDFLARE_API_TOKEN", "cf-Token-0123-real")
    assert target.cloudflare_account == "0123456789abcdef0123456789abcdef"
    assert target.cloudflare_api == "https://api.example.com/v4"
    assert target.discord_token == Secret("DISCORD_TOKEN", "dc-Token-4567-real")
    assert target.discord_application_id == "100000000000000001"
    assert target.discord_api == "https://discord.example.com/api"
    assert target.discord_status == "https://status.example.com/api"
    assert target.cloudflare_status == "https://cloud.example.com/api"


def test_sandbox_takes_nothing_real(tmp_path: Path) -> None:
    """A rehearsal can't reach a real account, whatever is exported."""
    target = loaded(tmp_path, SANDBOX, REAL)

    assert target == loaded(tmp_path, SANDBOX, {})
    assert target.cloudflare_token is None
    assert target.discord_token is None


def test_own_reference_wins(tmp_path: Path) -> None:
    """A target's own variable is stronger than the global one."""
    text = DEPLOYED + 'discord_token = "env:STAGING_TOKEN"'

    target = loaded(tmp_path, text, REAL | {"STAGING_TOKEN": "staging-Token-89"})

    assert target.discord_token == Secret("STAGING_TOKEN", "staging-Token-89")


def test_missing_credential_is_no_fault_and_no_fallback(tmp_path: Path) -> None:
    """The checks that need it can't look; another bot's token isn't taken in its place."""
    text = DEPLOYED + 'discord_token = "env:STAGING_TOKEN"\ncloudflare_account_id = "env:STAGING_ACCOUNT"'

    target = loaded(tmp_path, text, REAL)

    assert target.discord_token is None
    assert target.cloudflare_account == ""
    assert sorted(target.unset) == ["STAGING_ACCOUNT", "STAGING_TOKEN"]


def test_address_from_the_environment(tmp_path: Path) -> None:
    """Even the address can be kept out of the file."""
    text = '[targets.t]\nurl = "env:BOT_URL"\n'

    assert loaded(tmp_path, text, {"BOT_URL": "https://b.example"}).url == "https://b.example"


@pytest.mark.parametrize(
    ("env", "problem"),
    [
        ({}, "the variable BOT_URL is not set; wanted it in the environment or in .env"),
        ({"BOT_URL": "b.example"}, 'found "b.example", wanted an address'),
    ],
)
def test_without_its_address_a_target_is_no_use(tmp_path: Path, env: dict[str, str], problem: str) -> None:
    """A missing or wrong address is said, with its place, when the target is asked for."""
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, '[targets.t]\nurl = "env:BOT_URL"\n', env)

    assert f"targets.toml:2: targets.t.url: {problem}" in str(caught.value)


def test_headers_from_the_environment(tmp_path: Path) -> None:
    """A header's value is a secret when the environment holds it, or when its name says so."""
    text = DEPLOYED + 'headers = { Access-Id = "env:ACCESS_ID", Access-Secret = "li7eral-value", X-A = "b" }'

    target = loaded(tmp_path, text, {"ACCESS_ID": "acc3ss-id-0001"})

    assert target.headers == (
        ("Access-Id", Secret("ACCESS_ID", "acc3ss-id-0001")),
        ("Access-Secret", Secret("targets.t.headers.Access-Secret", "li7eral-value")),
        ("X-A", "b"),
    )


def test_secrets_are_known_to_the_redactor(tmp_path: Path) -> None:
    """Whatever a target holds of secrets can't be written from then on; ids can."""
    text = SANDBOX + 'secrets = { MY_TOKEN = "t0p-s3cret-value", CHANNEL_NAME = "gen3ral-room" }'

    loaded(tmp_path, text)

    redacted = REDACTOR.redact("t0p-s3cret-value in gen3ral-room")
    assert redacted == "[redacted targets.t.secrets.MY_TOKEN] in gen3ral-room"


@pytest.mark.parametrize("reference", ["env:", "env:NO SPACE", "env:1X"])
def test_reference_without_a_name(tmp_path: Path, reference: str) -> None:
    """A malformed reference is a fault of the file."""
    said = complaints(tmp_path, DEPLOYED + f'discord_token = "{reference}"')

    place = "targets.toml:3: targets.t.discord_token"
    assert said == [f'{place}: found "{reference}", wanted "env:NAME" with the name of a variable']


def test_wrong_key_is_not_shown(tmp_path: Path) -> None:
    """A signing key of the wrong form is described, not quoted."""
    (said,) = complaints(tmp_path, DEPLOYED + 'signing_key = "abcdef0123-oops"')

    assert said.startswith("targets.toml:3: targets.t.signing_key: found 15 characters in targets.t.")
    assert said.endswith("wanted a 32-byte seed as 64 hexadecimal digits")


def test_wrong_key_in_the_environment_stops_only_its_target(tmp_path: Path) -> None:
    """What the environment holds isn't a fault of the file."""
    text = DEPLOYED + 'signing_key = "env:STAGING_KEY"\n[targets.local]\nsandbox = true\nproject = "bot"'
    env = {"STAGING_KEY": "too-short-0001"}

    assert loaded(tmp_path, text, env, name="local").sandbox
    with pytest.raises(SettingsError, match="found 14 characters in STAGING_KEY"):
        loaded(tmp_path, text, env)
