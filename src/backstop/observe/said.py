"""All that the bot said in a stage: to probes, to the slash commands of its target, and in Discord itself."""

from __future__ import annotations

from collections.abc import Iterator

from backstop.model.errors import OnlyDiscordSigns
from backstop.model.http import Answer, Exchange
from backstop.model.target import Command
from backstop.observe.commands import CommandLook
from backstop.observe.errors import reached
from backstop.observe.followup import Followed
from backstop.observe.interaction import content_of, text_of
from backstop.observe.looks import Looks
from backstop.observe.once import kept
from backstop.observe.reply import Reply

Said = tuple[str, Reply]  # what was asked, in words, and what the bot answered


def everything(looks: Looks) -> Iterator[Said]:
    """Every answer of the bot itself. Raises as ``BotLook.replies`` does, after the last of them."""
    yield from to_commands(looks)
    yield from ((probe.name, reply) for probe, reply in looks.bot.replies())


def to_commands(looks: Looks) -> Iterator[Said]:
    """The answers to declared commands; none without the key that signs them.

    A command that posts is not sent for this, but where it was sent anyhow its answer is read.
    """
    for command in looks.place.target.commands:
        exchange = _exchange(looks, command)
        if exchange and isinstance(exchange.result, Answer) and reached(exchange):
            yield f"/{command.name}", Reply(exchange.request, exchange.result)


def written(looks: Looks) -> Iterator[tuple[str, str, str]]:
    """What people read of declared commands: what it is, its text, and the text that is declared for it.

    Raises as ``Looks.command``, ``Looks.reply`` and ``Looks.follow_up`` do.
    """
    for command in looks.place.target.commands:
        name, meant, look = f"/{command.name}", command.expect.content, looks.command(command)
        yield name, content_of(looks.reply(look.exchange)), meant
        if look.deferred:
            yield f"the follow-up to {name}", text_of(looks.follow_up(command).message), meant
        yield from ((f"what {name} posted", text, meant) for text in look.posted)


def written_later(looks: Looks) -> Iterator[tuple[str, str]]:
    """What came after the answers to declared commands, as far as it was looked at: follow-ups and posts."""
    for command in looks.place.target.commands:
        followed, look = kept(looks, "follow_up", command), kept(looks, "command", command)
        if isinstance(followed, Followed):
            yield f"the follow-up to /{command.name}", text_of(followed.message)
        if isinstance(look, CommandLook):
            yield from ((f"what /{command.name} posted", text) for text in look.posted)


def _exchange(looks: Looks, command: Command) -> Exchange | None:
    if command.effects != "none" and kept(looks, "command", command) is None:
        return None
    try:
        return looks.command(command).exchange
    except OnlyDiscordSigns:
        return None
