"""Discord can talk to the bot, and nobody else can pretend to be Discord."""

from __future__ import annotations

from typing import Any

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer
from backstop.model.target import Command, Target
from backstop.observe.commands import CommandLook
from backstop.observe.looks import Looks
from backstop.observe.reply import Reply
from fixtures.state import NotApplicable

EPHEMERAL = 1 << 6  # the message flag of Discord's documentation


@pytest.mark.check("discord.token", severity="critical", step="2. Discord integration failures, step 1")
def test_token(looks: Looks, target: Target) -> None:
    """Discord accepts the token, and it belongs to this target's application"""
    found = str(looks.application.get("id"))
    wanted = target.discord_application_id
    if not wanted:
        message = "the target names no application to compare the token with"
        raise CouldNotLook(message, remedy="set discord_application_id for this target")

    assert found == wanted, f"GET /applications/@me: found application {found}, wanted {wanted}"


@pytest.mark.check("discord.commands", severity="critical", step="2. Discord integration failures, step 5")
def test_commands(looks: Looks, target: Target) -> None:
    """Every configured slash command answers as declared, and posts where it must"""
    if not target.commands:
        message = "the target declares no commands"
        raise NotApplicable(message)
    for command in target.commands:
        _assert_works(command, looks.command(command))


def _assert_works(command: Command, look: CommandLook) -> None:
    result = look.exchange.result
    assert isinstance(result, Answer), f"/{command.name}: no answer ({result.detail})"
    reply = Reply(look.exchange.request, result)
    assert reply.status == 200, reply.explain(reply.status, f"200 for /{command.name}")
    _assert_answers(command, reply)
    if command.effects == "posts":
        assert look.posted, f"/{command.name} posted nothing to channel {command.channel}, wanted a message"


def _assert_answers(command: Command, reply: Reply) -> None:
    body: dict[str, Any] = reply.json() or {}
    data = body.get("data") or {}
    if command.expect.types:
        assert body.get("type") in command.expect.types, reply.explain(
            f"type {body.get('type')}", f"one of {command.expect.types} for /{command.name}"
        )
    content = str(data.get("content", ""))
    assert command.expect.content in content, reply.explain(
        repr(content), f"a text with {command.expect.content!r}"
    )
    if command.expect.ephemeral is not None:
        ephemeral = bool(int(data.get("flags") or 0) & EPHEMERAL)
        assert ephemeral is command.expect.ephemeral, reply.explain(
            f"ephemeral {ephemeral}", command.expect.ephemeral
        )
