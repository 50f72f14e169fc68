"""Channels: each is proven without a message, what is taken away is named, and no address is shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.ready.desk import EVERYTHING, Desk, outcomes, said

CHECK = "ready.channels"
NOBODY = "100000000000000009"
ANOTHER_NOW = {
    "SLACK_WEBHOOK": ("the end of its URL is not right", "Webhook URL → Copy"),
    "DISCORD_WEBHOOK": ("Invalid Webhook Token", "Server Settings → Integrations → Webhooks"),
    "STATUSPAGE_TOKEN": ("the API key is not taken", "API info"),
}


@pytest.fixture(name="desk")
def desk_fixture(desk: Desk) -> Desk:
    """With the name of a worker: that a project builds is shown where everything is there."""
    desk.project = None
    return desk


def _ready(desk: Desk) -> None:
    desk.give_token(*EVERYTHING, "API Tokens Read")


def _secret_ends(made: Mapping[str, Any]) -> list[str]:
    return [str(made["slack"])[-12:], str(made["discord"])[-12:], str(made["statuspage"]["token"])[-12:]]


def _shown_in(desk: Desk, output: str, parts: list[str]) -> list[str]:
    """Which of the parts stand in what somebody can read afterwards."""
    written = [path for path in Path(desk.folder / "reports").rglob("*") if path.is_file()]
    assert written
    texts = [output, *(path.read_text(errors="replace") for path in written)]
    return [part for part in parts if any(part in text for text in texts)]


def test_all_channels_take_messages(desk: Desk) -> None:
    """Each is named with where it leads, none has got a message, and no secret is shown.

    Slack got what can't be a message, and Discord's channel has nothing new.
    """
    made = desk.give_channels()
    before = desk.incident.sandbox.control("GET", "discord/messages").json()["messages"]
    _ready(desk)

    found = desk.session("-m", "ready")

    assert 0 == found.code, found.output
    assert "pass" == outcomes(found)[CHECK], found.output
    assert "Slack: the webhook is known" in said(found, CHECK)
    assert "Discord: the webhook Status posts to channel" in said(found, CHECK)
    assert "Statuspage: the page Bot has the component Commands" in said(found, CHECK)
    assert "announcements: ready" in found.output
    assert [] == _shown_in(desk, found.output, _secret_ends(made))
    service = str(made["slack"]).split("/")[-2]
    sent = desk.incident.sandbox.control("GET", "channels").json()["slack"]

    assert [("{}", "no_text")] == [(x["body"], x["answer"]) for x in sent if x["service"] == service]
    assert before == desk.incident.sandbox.control("GET", "discord/messages").json()["messages"]


def test_a_target_without_channels(desk: Desk) -> None:
    """It has none, which is no gap."""
    _ready(desk)

    found = desk.session("-m", "ready")

    assert (0, "n/a") == (found.code, outcomes(found)[CHECK]), found.output
    assert "announcements: none here, the target names no channels" in found.output


def test_a_webhook_whose_channel_is_archived(desk: Desk) -> None:
    """In Slack's words, with what to click; the others are told of, and rollbacks are as ready as before."""
    made = desk.give_channels(slack="channel_is_archived")
    _ready(desk)

    found = desk.session("-m", "ready")

    assert (1, "fail") == (found.code, outcomes(found)[CHECK]), found.output
    assert "Slack: the webhook would not take a message: its channel is archived" in said(found, CHECK)
    assert "→ Slack → the channel → Unarchive" in said(found, CHECK)
    assert "Discord: the webhook Status posts" in said(found, CHECK)
    assert "announcements: not ready, for want of channels that take a message" in found.output
    assert "rollbacks: ready" in found.output
    assert [] == _shown_in(desk, found.output, _secret_ends(made))


def test_secrets_that_are_others_now(desk: Desk) -> None:
    """No service knows its own any more; it is said which variable holds it and where the new one is."""
    made = desk.give_channels()
    for variable in ANOTHER_NOW:
        desk.env[variable] = desk.env[variable][:-6] + "zzzzzz"
    _ready(desk)

    found = desk.session("-m", "ready")

    assert (1, "fail") == (found.code, outcomes(found)[CHECK]), found.output
    for variable, (words, remedy) in ANOTHER_NOW.items():
        assert words in said(found, CHECK)
        assert remedy in said(found, CHECK)
        assert variable in said(found, CHECK)
    held = [desk.env[variable][-14:] for variable in ANOTHER_NOW]
    assert [] == _shown_in(desk, found.output, [*held, *_secret_ends(made)])


def test_what_is_not_there_any_more(desk: Desk) -> None:
    """A webhook of Discord's that was deleted, and a component of Statuspage's."""
    made = desk.give_channels()
    webhook, component = str(made["discord"]).split("/")[-2], made["statuspage"]["component"]
    desk.env["DISCORD_WEBHOOK"] = made["discord"].replace(webhook, NOBODY)
    desk.target = desk.target.replace(component, "nobodyhasit1")
    _ready(desk)

    found = desk.session("-m", "ready")

    assert (1, "fail") == (found.code, outcomes(found)[CHECK]), found.output
    assert "Discord: the webhook is gone" in said(found, CHECK)
    assert "Webhooks → New Webhook → Copy Webhook URL" in said(found, CHECK)
    assert "there is no component nobodyhasit1" in said(found, CHECK)


def test_a_variable_that_nobody_has_set(desk: Desk) -> None:
    """It is not known whether the channel works; the others are tried all the same."""
    desk.give_channels()
    del desk.env["SLACK_WEBHOOK"]
    _ready(desk)

    found = desk.session("-m", "ready")

    assert (20, "inconclusive") == (found.code, outcomes(found)[CHECK]), found.output
    assert "Slack: the webhook is not known: SLACK_WEBHOOK is not set" in said(found, CHECK)
    assert "Discord: the webhook Status posts" in said(found, CHECK)
    assert "→ set SLACK_WEBHOOK" in said(found, CHECK)


def test_a_service_that_does_not_answer(desk: Desk) -> None:
    """Nothing is known of that channel then."""
    desk.give_channels()
    desk.env["STATUSPAGE_API_BASE_URL"] = "http://127.0.0.1:9/v1"
    _ready(desk)

    found = desk.session("-m", "ready")

    assert (20, "inconclusive") == (found.code, outcomes(found)[CHECK]), found.output
    assert "Statuspage: Statuspage did not answer (connection refused)" in said(found, CHECK)


def test_a_webhook_of_the_wrong_kind(desk: Desk) -> None:
    """It is recognised and not shown, and the rest is as ready as before."""
    made = desk.give_channels()
    desk.env["SLACK_WEBHOOK"] = made["discord"]
    _ready(desk)

    found = desk.session("-m", "ready")

    assert (1, "fail") == (found.code, outcomes(found)[CHECK]), found.output
    assert "what SLACK_WEBHOOK holds looks like a Discord webhook's address" in said(found, CHECK)
    assert "rollbacks: ready" in found.output
    assert [] == _shown_in(desk, found.output, _secret_ends(made))
