"""Slash commands work as declared, for those who use them well and for those who do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from backstop.model.target import Command, Target
from backstop.observe.catalogue.commands import UNKNOWN_COMMAND, bad_options, wrong_channel
from backstop.observe.errors import told_of
from backstop.observe.followup import FOLLOWED_UP_WITHIN, FollowUp
from backstop.observe.interaction import (
    DEFERRED,
    TO_A_COMMAND,
    answers_as_declared,
    content_of,
    is_ephemeral,
    kind_of,
    refused_by_discord,
    refused_follow_up,
    text_of,
)
from backstop.observe.looks import Looks
from backstop.observe.probe import Probe
from backstop.observe.reply import Reply
from fixtures.state import NotApplicable

Ask = Callable[[Probe], Reply]
_STEP = "2. Discord integration failures, step 5"
_CRASHED = 500


@pytest.mark.check("discord.commands", severity="critical", step=_STEP)
def test_commands(looks: Looks, target: Target, remark: Callable[[str], None]) -> None:
    """Every configured slash command is answered with a reply of the declared type, which Discord takes"""
    declared = tuple(_declared(target, lambda _: True, "declares no commands"))
    for command in declared:
        reply = _sent(looks, command)
        found, wanted = kind_of(reply), command.expect.types or tuple(sorted(TO_A_COMMAND))
        assert reply.status == 200, reply.explain(reply.status, f"200 for /{command.name}", _LOG)
        assert found in wanted, reply.explain(f"type {found}", f"one of {wanted} for /{command.name}", _LOG)
        assert found in TO_A_COMMAND, reply.explain(
            f"type {found}", f"one of {sorted(TO_A_COMMAND)}: Discord takes no other for a slash command"
        )
        _assert_taken(reply, f"/{command.name}")
    remark(told_of(len(declared), "declared commands, each sent once"))


@pytest.mark.check("discord.commands.followed-up", severity="high", step=_STEP)
def test_followed_up(looks: Looks, target: Target, degraded: Callable[[str], None]) -> None:
    """A reply that is put off is followed up"""
    for command in _deferring(looks, target):
        followed = looks.follow_up(command)
        found = followed.found
        if found is FollowUp.OUT_OF_SIGHT:
            degraded(
                f"/{command.name}: accepted, follow-up not proven: only Discord issues interaction tokens"
            )
            continue
        assert found is not FollowUp.NOT_TAKEN, (
            f"/{command.name}: found a deferred reply at first, and when Discord itself sent it "
            f"{followed.problem}; wanted a deferred reply each time\n→ {_LOG}"
        )
        assert found is FollowUp.SEEN, (
            f"/{command.name}: found a deferred reply and nothing after it, wanted a follow-up within "
            f"{FOLLOWED_UP_WITHIN:g} s, when Cloudflare ends what is in ctx.waitUntil\n"
            "→ PATCH /webhooks/APPLICATION/TOKEN/messages/@original, in ctx.waitUntil: else its user sees "
            "“thinking …” until the token dies after 15 minutes"
        )
        against = refused_follow_up(followed.message)
        assert not against, (
            f"/{command.name}: found {against} in its follow-up, wanted one that Discord takes\n→ {_LOG}"
        )


@pytest.mark.check("discord.commands.content", severity="high", step=_STEP)
def test_content(looks: Looks, target: Target, degraded: Callable[[str], None]) -> None:
    """Every configured slash command answers with the declared text, at once or after a deferred reply"""
    for command in _declared(target, lambda c: bool(c.expect.content), "declares no text of a reply"):
        reply, wanted = _sent(looks, command), command.expect.content
        if not looks.command(command).deferred:
            found = content_of(reply)
            said = reply.explain(repr(found), f"a text with {wanted!r} for /{command.name}", _LOG)
            assert wanted in found, said
            continue
        followed = looks.follow_up(command)
        if followed.found is FollowUp.OUT_OF_SIGHT:
            degraded(f"/{command.name}: accepted, its text not proven: it comes with the follow-up")
            continue
        if followed.found is FollowUp.NOT_TAKEN:
            degraded(f"/{command.name}: no text came when Discord sent it: see discord.commands.followed-up")
            continue
        found = text_of(followed.message)
        seen = f"a follow-up with {found!r}" if followed.found is FollowUp.SEEN else "no follow-up"
        assert wanted in found, f"/{command.name}: found {seen}, wanted a text with {wanted!r}\n→ {_LOG}"


@pytest.mark.check("discord.commands.ephemeral", severity="medium", step=_STEP)
def test_ephemeral(looks: Looks, target: Target) -> None:
    """Replies are seen by those who are meant to see them"""
    declared = _declared(target, lambda c: c.expect.ephemeral is not None, "says of no reply who may see it")
    for command in declared:
        reply = _sent(looks, command)
        shown = {True: "a reply that only its user sees", False: "a reply that all see"}
        found, wanted = is_ephemeral(reply), bool(command.expect.ephemeral)
        assert found is wanted, reply.explain(
            shown[found], f"{shown[wanted]} for /{command.name}", "see `flags` of the reply (64 is ephemeral)"
        )


@pytest.mark.check("discord.commands.posted", severity="critical", step=_STEP)
def test_posted(looks: Looks, target: Target) -> None:
    """Commands that post a message really post it, with the declared text"""
    for command in _declared(target, lambda c: c.effects == "posts", "has no command that posts"):
        reply, look = _sent(looks, command), looks.command(command)
        assert look.posted, (
            f"/{command.name}: answered {reply.status}, found no new message in channel {command.channel}, "
            "wanted one\n"
            "→ read the error log (wrangler tail); is DISCORD_TOKEN this bot's, and may it post there?"
        )
        wanted, found = command.expect.posted, " · ".join(look.posted)
        assert any(wanted in text for text in look.posted), (
            f"/{command.name}: found {found[:160]!r} posted to channel {command.channel}, wanted a text with "
            f"{wanted!r}\n→ {_LOG}"
        )


@pytest.mark.check("discord.commands.wrong-channel", severity="medium", step=_STEP)
def test_wrong_channel(target: Target, answer: Ask) -> None:
    """A command that belongs to one channel does not do its work in another"""
    served = "has no command of one channel with a declared reply"
    for command in _declared(target, lambda c: wrong_channel(c) is not None, served):
        probe = wrong_channel(command)
        assert probe is not None
        reply = answer(probe)
        _assert_polite(reply, f"/{command.name} from another channel")
        assert not answers_as_declared(reply, command.expect), reply.explain(
            f"the same reply as in channel {command.channel}",
            f"a refusal of /{command.name} from another channel",
            "compare the interaction's channel_id with the configured one",
        )


@pytest.mark.check("discord.commands.bad-options", severity="medium", step=_STEP)
def test_bad_options(target: Target, answer: Ask, degraded: Callable[[str], None]) -> None:
    """A command with options that mean nothing is answered, and does not crash"""
    for command in _declared(target, lambda c: bad_options(c) is not None, "has no command with a text"):
        probe = bad_options(command)
        assert probe is not None
        reply = answer(probe)
        _assert_polite(reply, f"/{command.name} with options that mean nothing")
        if answers_as_declared(reply, command.expect):
            degraded(f"/{command.name} takes any text: answered junk as if it meant something")


@pytest.mark.check("discord.unknown-command", severity="medium", step=_STEP)
def test_unknown_command(looks: Looks, answer: Ask, remark: Callable[[str], None]) -> None:
    """A command that the bot does not know does not crash it, however often it is sent"""
    answer(UNKNOWN_COMMAND)
    sent = looks.bot.attempts(UNKNOWN_COMMAND)
    for number, exchange in enumerate(sent, 1):
        reply = Reply(exchange.request, looks.bot.answer_of(exchange))
        which = f"an unknown command, {number} of {len(sent)}"
        assert reply.status < _CRASHED, reply.explain(reply.status, f"a reply or a refusal for {which}", _LOG)
        if reply.status == 200:
            _assert_polite(reply, which)
    remark(told_of(len(sent), "commands that it does not know"))


def _deferring(looks: Looks, target: Target) -> list[Command]:
    """The commands whose reply was a deferred one. One that must put its reply off and does not is red."""
    declared = list(_declared(target, lambda _: True, "declares no commands"))
    found = [command for command in declared if looks.command(command).deferred]
    for command in declared:
        reply = _sent(looks, command)
        must = bool(command.expect.types) and DEFERRED.issuperset(command.expect.types)
        assert not must or command in found, reply.explain(
            f"type {kind_of(reply)}", f"a deferred reply to /{command.name}, which something follows", _LOG
        )
    if not found:
        message = "no command was answered with a deferred reply"
        raise NotApplicable(message)
    return found


_LOG = "read the error log: wrangler tail --status error"


def _declared(target: Target, wanted: Callable[[Command], bool], otherwise: str) -> Iterator[Command]:
    found = [command for command in target.commands if wanted(command)]
    if not found:
        message = f"{target.name} {otherwise}"
        raise NotApplicable(message)
    return iter(found)


def _sent(looks: Looks, command: Command) -> Reply:
    return looks.reply(looks.command(command).exchange)


def _assert_polite(reply: Reply, what: str) -> None:
    found = kind_of(reply)

    assert reply.status == 200, reply.explain(reply.status, f"200 for {what}", _LOG)
    assert found in TO_A_COMMAND, reply.explain(
        f"type {found}", f"a reply that Discord takes for {what}", _LOG
    )
    _assert_taken(reply, what)


def _assert_taken(reply: Reply, what: str) -> None:
    against = refused_by_discord(reply)

    assert not against, reply.explain(
        against, f"a reply that Discord takes for {what}", "else its user sees that the app did not respond"
    )
