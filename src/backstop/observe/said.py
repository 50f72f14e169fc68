"""All that the bot said in a stage: to probes, and to the slash commands of its target."""

from __future__ import annotations

from collections.abc import Iterator

from backstop.model.errors import OnlyDiscordSigns
from backstop.model.http import Answer, Exchange
from backstop.model.target import Command
from backstop.observe.errors import reached
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


def _exchange(looks: Looks, command: Command) -> Exchange | None:
    if command.effects != "none" and kept(looks, "command", command) is None:
        return None
    try:
        return looks.command(command).exchange
    except OnlyDiscordSigns:
        return None
