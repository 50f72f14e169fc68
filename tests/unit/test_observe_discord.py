"""What Discord has of an application, and what an interaction was answered with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backstop.discord.owner import manifest, set_up_application
from backstop.discord.signer import Signer
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Request
from backstop.model.target import Command, Expected, Interaction, Secret, Target
from backstop.observe.catalogue import commands
from backstop.observe.interaction import answers_as_declared, content_of, is_ephemeral, kind_of
from backstop.observe.probe import Probe, Sending
from backstop.observe.registration import (
    Registered,
    deviations,
    deviations_by_server,
    registered,
    same_address,
)
from backstop.observe.reply import Reply
from tests.unit.loopback import api

REGISTER = Command(
    "register",
    (("tracker", "https://a.test"), ("count", 3)),
    channel="100000000000000001",
    effects="posts",
    expect=Expected((4,), "received", ephemeral=True),
)
KNOWN: dict[str, Any] = {
    "name": "register",
    "type": 1,
    "options": [{"name": "tracker", "type": 3, "required": True}, {"name": "count", "type": 4}],
}


def _reply(body: object, status: int = 200) -> Reply:
    return Reply(Request("POST", "http://bot.test/"), Answer(status, (), json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (KNOWN, ""),
        ({**KNOWN, "options": [*KNOWN["options"], {"name": "more", "type": 3}]}, ""),
        ({**KNOWN, "options": [{"name": "tracker", "type": 6}, {"name": "count", "type": 10}]}, ""),
        ({**KNOWN, "name": "enroll"}, "not registered; found /enroll"),
        ({**KNOWN, "type": 2}, "not registered; found none"),
        ({**KNOWN, "options": KNOWN["options"][:1]}, "no option count"),
        ({**KNOWN, "options": None}, "no option tracker"),
        ({**KNOWN, "options": [{"name": "tracker", "type": 5}, {"name": "count", "type": 4}]}, "of type 5"),
        (
            {**KNOWN, "options": [*KNOWN["options"], {"name": "more", "type": 3, "required": True}]},
            "requires option more",
        ),
    ],
)
def test_registered_commands(found: dict[str, Any], says: str) -> None:
    """Names, options and types; ids of users are sent as text, and what is optional may be there."""
    said = "; ".join(deviations([REGISTER], registered(found)))

    assert says in said
    assert bool(says) == bool(said)


def test_commands_of_servers_are_looked_for_there() -> None:
    """One that is registered globally instead is missing, and the other way round."""
    staff = replace(REGISTER, name="staff", guild="42")
    kept = {"": registered(KNOWN), "42": registered({**KNOWN, "name": "staff"})}
    asked: list[str] = []

    def known(guild: str) -> tuple[Registered, ...]:
        asked.append(guild)
        return kept[guild]

    assert () == deviations_by_server([REGISTER, staff, REGISTER], known)
    assert ["", "42"] == asked

    kept["42"], kept[""] = (), (*kept[""], *kept["42"])
    assert ("for server 42: /staff is not registered; found none",) == deviations_by_server(
        [REGISTER, staff], known
    )


SUBCOMMANDS: dict[str, Any] = {
    "name": "config",
    "type": 1,
    "options": [
        {"name": "show", "type": 1},
        {"name": "role", "type": 2, "options": [{"name": "add", "type": 1, "options": KNOWN["options"]}]},
    ],
}


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (Command("config show"), ""),
        (replace(REGISTER, name="config role add"), ""),
        (Command("config role add"), "/config role add requires option tracker"),
        (Command("config"), "/config is not registered; found /config role add, /config show"),
        (Command("config role"), "/config role is not registered"),
        (Command("config hide"), "/config hide is not registered"),
    ],
)
def test_subcommands_are_looked_for_by_their_whole_name(command: Command, says: str) -> None:
    """Discord can't be sent the command alone, once it has subcommands."""
    said = "; ".join(deviations([command], registered(SUBCOMMANDS)))

    assert says in said
    assert bool(says) == bool(said)


def test_subcommands_are_registered_under_one_command() -> None:
    """And found again by their whole names."""
    declared = [
        Command("config show"),
        replace(REGISTER, name="config role add"),
        Command("config role list"),
    ]

    assert ["config"] == [each["name"] for each in manifest(declared)]
    assert () == deviations(declared, registered(*manifest(declared)))


def test_what_the_sandbox_registers_is_what_is_wanted() -> None:
    """Both are made from what the target declares."""
    assert () == deviations([REGISTER], registered(*manifest([REGISTER])))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://bot.test", "https://BOT.test:443/", True),
        ("https://bot.test/i/", "https://bot.test/i", True),
        ("https://bot.test/i", "https://bot.test/", False),
        ("https://bot.test", "https://other.test", False),
        ("http://bot.test", "https://bot.test", False),
        ("none", "https://bot.test", False),
    ],
)
def test_addresses(one: str, other: str, same: bool) -> None:
    """The same but for what does not count."""
    assert same == same_address(one, other)


def test_the_owner_registers_and_is_told_of_refusals() -> None:
    """One call each; a refusal is a sentence and not an error."""
    refusal = (400, {"message": "could not be verified", "code": 50035})
    answers: dict[str, tuple[int, object]] = {
        "PUT /applications/1/commands": (200, []),
        "PATCH /applications/@me": refusal,
    }
    with api(answers) as canned:
        said = set_up_application(canned.url, Secret("t", "tok"), "1", "http://bot.test/", [REGISTER])

    assert list(answers) == canned.asked
    assert ["400" in line and "verified" in line for line in said] == [True]


def test_the_owner_registers_each_command_where_it_belongs() -> None:
    """A server's commands are no global ones."""
    staff = replace(REGISTER, name="staff", guild="42")
    answers: dict[str, tuple[int, object]] = {
        "PUT /applications/1/commands": (200, []),
        "PUT /applications/1/guilds/42/commands": (200, []),
        "PATCH /applications/@me": (200, {}),
    }
    with api(answers) as canned:
        said = set_up_application(canned.url, Secret("t", "tok"), "1", "http://bot.test/", [staff, REGISTER])

    names = [[command["name"] for command in json.loads(body)] for _, body in canned.seen[:2]]
    assert (list(answers), ()) == (canned.asked, said)
    assert [["register"], ["staff"]] == names


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"type": 4}, 200, 4),
        ({"type": 4}, 201, None),
        ({"type": "4"}, 200, None),
        ({"type": True}, 200, None),
        ([4], 200, None),
        ({}, 200, None),
    ],
)
def test_types_of_replies(body: object, status: int, kind: int | None) -> None:
    """Only what Discord would take has a type."""
    assert kind == kind_of(_reply(body, status))


def test_contents_of_replies() -> None:
    """Text, texts of embeds, and nothing where there is nothing or something odd."""
    reply = _reply({"type": 4, "data": {"content": "a", "embeds": [{"title": "b"}, {"description": "c"}, 7]}})

    assert "a\nb\nc" == content_of(reply)
    assert "" == content_of(_reply({"data": 7}))
    assert answers_as_declared(reply, Expected(content="b"))
    assert not answers_as_declared(reply, Expected())


@pytest.mark.parametrize(
    ("flags", "only_one"), [(64, True), (64 | 4, True), (4, False), (None, False), ("64", False)]
)
def test_who_sees_a_reply(flags: object, only_one: bool) -> None:
    """Bit six, and a number."""
    assert only_one == is_ephemeral(_reply({"type": 4, "data": {"flags": flags}}))


def _sent(probe: Probe | None) -> dict[str, Any]:
    assert probe is not None
    signer = Signer.random()
    target = replace(Target("t", sandbox=True, url="http://bot.test"), discord_application_id="1")
    request = probe.make(Sending(target, signer, signer))
    assert request is not None
    body: dict[str, Any] = json.loads(request.body)
    return body


def test_commands_that_are_used_badly() -> None:
    """Another channel with the right options; the right channel with texts that mean nothing."""
    elsewhere, junk = _sent(commands.wrong_channel(REGISTER)), _sent(commands.bad_options(REGISTER))

    assert (commands.WRONG_CHANNEL, "https://a.test") == (
        elsewhere["channel_id"],
        elsewhere["data"]["options"][0]["value"],
    )
    assert (REGISTER.channel, [commands.JUNK, 3]) == (
        junk["channel_id"],
        [option["value"] for option in junk["data"]["options"]],
    )


def test_commands_of_a_server_come_from_it() -> None:
    """As Discord sends them."""
    staff = replace(REGISTER, guild="42")

    for probe in (commands.wrong_channel(staff), commands.bad_options(staff)):
        sent = _sent(probe)
        assert ("42", "42") == (sent["guild_id"], sent["data"]["guild_id"])


def test_commands_that_can_not_be_used_badly() -> None:
    """Served everywhere, without a text to compare, without options."""
    assert commands.wrong_channel(replace(REGISTER, channel="")) is None
    assert commands.wrong_channel(replace(REGISTER, expect=Expected())) is None
    assert commands.bad_options(replace(REGISTER, options=(("count", 3),))) is None


def test_interactions_of_a_target_are_sent_as_given() -> None:
    """With an id and a token where the file has none."""
    given = Interaction(Path("button.json"), '{"type": 3, "data": {"custom_id": "x"}, "token": "own"}')
    target = replace(Target("t", sandbox=True), commands=(REGISTER,), interactions=(given, given))

    sent = _sent(commands.raw(given))
    assert (3, "own", "1") == (sent["type"], sent["token"], sent["application_id"])
    assert sent["id"]
    assert 3 == len(commands.of_target(target))


@pytest.mark.parametrize(
    "found",
    [
        {"name": {"a": 1}},
        {"name": "a", "type": "1"},
        {"name": "a", "options": 5},
        {"name": "a", "options": [7]},
        {"name": "a", "options": [{"name": "b", "type": "3"}]},
        {"name": "a", "options": [{"type": 3}]},
    ],
)
def test_what_no_command_looks_like_tells_nothing(found: dict[str, Any]) -> None:
    """Discord's API has changed, or something else answered: no registration is missing for that."""
    with pytest.raises(CouldNotLook, match="can't be read"):
        registered(found)
