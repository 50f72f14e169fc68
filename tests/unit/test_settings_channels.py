"""``[targets.NAME.channels]``: what is read, what is refused, and that nothing of it is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.environment import Environment
from backstop.model.target import Channels, Secret, Statuspage, Webhook
from backstop.redaction import REDACTOR
from backstop.settings.targets import load_targets
from tests.unit.targetsfiles import bot_in, complaints, loaded, written

DEPLOYED = '[targets.t]\nurl = "https://bot.example.workers.dev"\n'
HEADER = "[targets.t.channels]\n"
SLACK = "https://hooks.slack.com/services/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"
DISCORD = "https://discord.com/api/webhooks/1300000000000000001/k3J9sQ-0wLm3N5pR7tV9yB2dF_4hJ6sA8cE0gI1k"
KEY = "89a229ce1a8dbcf9ff30430fbe35eb4c0426574bca932061892cefd2138aa4b1"
PAGE = 'statuspage = { page = "kctbh9vrtdwd", component = "8kbf7d35c070", token = "env:KEY" }\n'
ALL = f'{HEADER}slack = "env:SLACK"\ndiscord = "env:DISCORD"\n{PAGE}'
ENV = {"SLACK": SLACK, "DISCORD": DISCORD, "KEY": KEY}


def _values(channels: Channels) -> list[str]:
    return [secret.value for secret in channels.secrets]


def test_all_of_them(tmp_path: Path) -> None:
    """With where each came from; values are known to the redactor and to no repr."""
    found = loaded(tmp_path, DEPLOYED + ALL, ENV).channels

    assert found.slack is not None
    assert found.statuspage is not None
    assert [SLACK, DISCORD, KEY] == _values(found)
    assert ("SLACK", "KEY") == (found.slack.source, found.statuspage.source)
    assert "https://api.statuspage.io/v1" == found.statuspage.api
    assert not [value for value in ENV.values() if value[-12:] in repr(found) + REDACTOR.redact(value)]


def test_none_of_them(tmp_path: Path) -> None:
    """A target need not name any."""
    assert Channels() == loaded(tmp_path, DEPLOYED).channels


def test_a_sandbox_target_may_name_them(tmp_path: Path) -> None:
    """It has none unless it does."""
    project = bot_in(tmp_path)
    text = f'[targets.t]\nsandbox = true\nproject = "{project}"\n'

    assert Channels() == loaded(tmp_path, text).channels
    assert [SLACK, DISCORD, KEY] == _values(loaded(tmp_path, text + ALL, ENV).channels)


def test_services_can_be_replaced(tmp_path: Path) -> None:
    """By doubles, which are asked for the same webhooks."""
    base = "http://127.0.0.1:9"
    replaced = {
        "SLACK_WEBHOOK_BASE_URL": f"{base}/slack/",
        "DISCORD_API_BASE_URL": f"{base}/api/v10",
        "STATUSPAGE_API_BASE_URL": f"{base}/v1",
    }
    found = loaded(tmp_path, DEPLOYED + ALL, ENV | replaced).channels

    assert found.statuspage is not None
    assert [
        SLACK.replace("https://hooks.slack.com", f"{base}/slack"),
        DISCORD.replace("https://discord.com/api", f"{base}/api/v10"),
        KEY,
    ] == _values(found)
    assert f"{base}/v1" == found.statuspage.api


@pytest.mark.parametrize(
    "address",
    [
        SLACK,
        SLACK.replace("slack.com", "slack-gov.com"),
    ],
)
def test_slack_s_hosts(tmp_path: Path, address: str) -> None:
    """Each workspace's own is kept."""
    found = loaded(tmp_path, f'{DEPLOYED}{HEADER}slack = "env:SLACK"', {"SLACK": address})

    assert Channels(slack=Webhook("SLACK", Secret("SLACK", address))) == found.channels


@pytest.mark.parametrize("start", ["discordapp.com/api", "canary.discord.com/api", "discord.com/api/v10"])
def test_discord_s_hosts(tmp_path: Path, start: str) -> None:
    """Every client of Discord's copies its own."""
    address = DISCORD.replace("discord.com/api", start)
    found = loaded(tmp_path, f'{DEPLOYED}{HEADER}discord = "env:DISCORD"', {"DISCORD": address})

    assert Channels(discord=Webhook("DISCORD", Secret("DISCORD", address))) == found.channels


def test_what_nobody_has_set_keeps_nobody_from_anything(tmp_path: Path) -> None:
    """The target can be used; the channel is named, with where it should come from."""
    found = loaded(tmp_path, DEPLOYED + ALL, {})

    assert found.channels == Channels(
        Webhook("SLACK", None),
        Webhook("DISCORD", None),
        Statuspage("kctbh9vrtdwd", "8kbf7d35c070", "KEY", None, "https://api.statuspage.io/v1"),
    )
    assert () == found.unset


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("slack", DISCORD, "looks like a Discord webhook's address"),
        ("slack", "xoxb-123456789012-abcdefghijkl", "looks like a token of a Slack app"),
        ("slack", SLACK.replace("services", "triggers"), "the trigger of a Slack workflow"),
        ("slack", f"{SLACK}/more", "has another form; wanted the URL of a Slack incoming webhook"),
        ("slack", SLACK.replace("https", "http"), "begins with http://; wanted the URL of a"),
        ("discord", DISCORD.replace("https", "HTTP"), "begins with http://; wanted the URL of a"),
        ("slack", DISCORD.replace("https", "http"), "looks like a Discord webhook's address"),
        ("slack", SLACK.replace(".com", ".com.example"), "looks like an incoming webhook's address"),
        ("slack", f'"{SLACK}"', "pasted along with it: quotation marks"),
        ("slack", "k3J9sQ0wLm3N5pR7tV9yB2dF", "has another form"),
        ("discord", SLACK, "looks like a Slack incoming webhook's address"),
        ("discord", f"{DISCORD}/slack", "in the form for messages of Slack's or GitHub's"),
        ("discord", f"{DISCORD}?wait=true", "has another form; wanted the URL of a Discord webhook"),
        ("discord", "1300000000000000001", "looks like a Discord id"),
        ("discord", DISCORD.replace("discord.com", "discord.com.example"), "looks like an incoming webhook"),
    ],
)
def test_a_webhook_that_is_none(tmp_path: Path, name: str, value: str, said: str) -> None:
    """It is said what is wrong with it, without it; a rollback does not wait for that."""
    found = loaded(tmp_path, f'{DEPLOYED}{HEADER}{name} = "env:PASTED"', {"PASTED": value}).channels
    webhook = getattr(found, name)

    assert said in webhook.wrong
    assert "wanted the URL of a" in webhook.wrong
    assert value[-12:] not in repr(found)
    assert () == found.secrets


@pytest.mark.parametrize(
    ("value", "said"), [(DISCORD, "looks like a Discord"), ("k3J9sQ0w", "has another form")]
)
def test_a_webhook_in_the_file_that_is_none(tmp_path: Path, value: str, said: str) -> None:
    """That is a fault of the file, as with other secrets."""
    (found,) = complaints(tmp_path, f'{DEPLOYED}{HEADER}slack = "{value}"')

    assert f"targets.t.channels.slack: what targets.t.channels.slack holds {said}" in found
    assert value[-8:] not in found


def test_a_key_of_the_wrong_kind(tmp_path: Path) -> None:
    """A webhook in the place of Statuspage's key."""
    found = loaded(tmp_path, DEPLOYED + ALL, ENV | {"KEY": SLACK}).channels.statuspage

    assert found is not None
    assert found.token is None
    assert "looks like a Slack incoming webhook's address, wanted a Statuspage API key" in found.wrong


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('slak = "env:SLACK"', 'unknown key; did you mean "slack"?'),
        ("slack = 1", 'wanted "env:NAME"'),
        ('slack = "env:9"', 'wanted "env:NAME" with the name of a variable'),
        ('statuspage = "kctbh9vrtdwd"', 'found "kctbh9vrtdwd", wanted a table, such as { page = '),
        ('statuspage = { page = "a1", component = "b2" }', "token: missing"),
        ('statuspage = { page = "a1", token = "env:KEY" }', "component: missing"),
        (PAGE.replace("kctbh9vrtdwd", "https://status.example.com"), "wanted the page's id"),
        (PAGE.replace("8kbf7d35c070", "Bot commands"), "wanted the component's id"),
        (PAGE.replace("token", 'colour = "red", token'), "unknown key"),
    ],
)
def test_what_is_wrong_in_the_file(tmp_path: Path, lines: str, said: str) -> None:
    """It is said what was found and what was wanted."""
    found = complaints(tmp_path, DEPLOYED + HEADER + lines, ENV)

    assert 1 == len(found), found
    assert said.lower() in found[0].lower()


def test_channels_that_are_no_table(tmp_path: Path) -> None:
    """An example shows how."""
    (said,) = complaints(tmp_path, f'{DEPLOYED}channels = "slack"')

    assert 'found "slack", wanted a table, such as { slack = "env:SLACK_WEBHOOK" }' in said


def test_a_webhook_in_the_file_itself(tmp_path: Path) -> None:
    """It is taken, as other secrets are, and never shown."""
    found = loaded(tmp_path, f'{DEPLOYED}{HEADER}slack = "{SLACK}"').channels

    assert [SLACK] == _values(found)
    assert SLACK[-12:] not in REDACTOR.redact(f"posted to {SLACK}")


def test_drills_have_channels_of_their_own(tmp_path: Path) -> None:
    """Their status page mails nobody unless it is told to; all of them are secret."""
    drills = f'[targets.t.channels.drills]\nslack = "env:DRILLS"\n{PAGE}'
    env = {**ENV, "DRILLS": SLACK.replace("k3J9", "m4K8")}

    found = loaded(tmp_path, DEPLOYED + ALL + drills, env).channels

    assert found.drills is not None
    assert found.drills.slack is not None
    assert found.drills.statuspage is not None
    assert found.statuspage is not None
    assert "DRILLS" == found.drills.slack.source
    assert (True, False) == (
        found.statuspage.deliver_notifications,
        found.drills.statuspage.deliver_notifications,
    )
    assert [SLACK, DISCORD, KEY, env["DRILLS"], KEY] == _values(found)


@pytest.mark.parametrize(("said", "mails"), [("true", True), ("false", False)])
def test_mails_of_the_status_page(tmp_path: Path, said: str, mails: bool) -> None:
    """As the target says."""
    text = DEPLOYED + HEADER + PAGE.replace(" }", f", deliver_notifications = {said} }}")

    found = loaded(tmp_path, text, ENV).channels.statuspage

    assert found is not None
    assert mails == found.deliver_notifications


@pytest.mark.parametrize(
    ("line", "alerts"),
    [
        ("", ("slack",)),
        ('alerts = ["slack", "discord"]', ("slack", "discord")),
        ("alerts = []", ()),
    ],
)
def test_who_hears_of_alerts(tmp_path: Path, line: str, alerts: tuple[str, ...]) -> None:
    """The team's channel, unless others are named."""
    assert alerts == loaded(tmp_path, f"{DEPLOYED}{ALL}{line}\n", ENV).channels.alerts


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('slack = "env:SLACK"\nalerts = ["discord"]', "channels that this target names"),
        ('slack = "env:SLACK"\nalerts = ["email"]', "a list of some of slack, discord, statuspage"),
        ('slack = "env:SLACK"\nalerts = "slack"', "a list of texts"),
        ('slack = "env:SLACK"\ndrills = "slack"', "a table, such as"),
        ('slack = "env:SLACK"\n[targets.t.channels.drills]\nemail = "x"', "unknown key"),
        ('slack = "env:SLACK"\n[targets.t.channels.drills]\nalerts = ["slack"]', "unknown key"),
    ],
)
def test_what_is_wrong_with_them(tmp_path: Path, lines: str, said: str) -> None:
    """Named with its place."""
    assert any(said in each for each in complaints(tmp_path, f"{DEPLOYED}{HEADER}{lines}\n", ENV))


def test_a_folder_of_templates(tmp_path: Path) -> None:
    """Relative to the file; it need not be there, since nothing that matters hangs on it."""
    text = f'[notify]\ntemplates = "words"\n{DEPLOYED}'

    assert tmp_path / "words" == load_targets(written(tmp_path, text), Environment(ENV)).templates
    assert None is load_targets(written(tmp_path, DEPLOYED), Environment(ENV)).templates
    assert any("colour" in each for each in complaints(tmp_path, f"[notify]\ncolour = 1\n{DEPLOYED}"))
