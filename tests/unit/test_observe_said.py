"""What a bot said to the commands of its target, and what is not sent for that."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from backstop.model.errors import OnlyDiscordSigns
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.model.target import Command, Target
from backstop.observe.commands import CommandLook
from backstop.observe.looks import Looks
from backstop.observe.once import once
from backstop.observe.reply import Reply
from backstop.observe.said import to_commands, written, written_later

HARMLESS, POSTING = Command("ping"), Command("register", channel="1", effects="posts")
REQUEST = Request("POST", "http://bot.test/")


class _Looks:
    """Sends commands by itself, and keeps which."""

    def __init__(self, *, signs: bool = True, answers: bool = True) -> None:
        self.place = SimpleNamespace(target=Target("t", sandbox=True, commands=(HARMLESS, POSTING)))
        self.sent: list[str] = []
        self._signs, self._answers = signs, answers

    @once
    def command(self, command: Command) -> CommandLook:
        """As the real one: once for each command."""
        if not self._signs:
            message = "no key"
            raise OnlyDiscordSigns(message)
        self.sent.append(command.name)
        silent = NoAnswer(Silence.RESET, "gone")
        response = {"type": 4, "data": {"content": f"this is {command.name}"}}
        result = Answer(200, (), json.dumps(response).encode()) if self._answers else silent
        posted = ("a message",) if command.effects == "posts" else ()
        return CommandLook(Exchange(REQUEST, result, Timing(0.1, 0.1), datetime.now(UTC)), posted)

    def reply(self, exchange: Exchange) -> Reply:
        """The answer, which is there."""
        assert isinstance(exchange.result, Answer)
        return Reply(exchange.request, exchange.result)


def _said(looks: _Looks) -> list[str]:
    return [asked for asked, _ in to_commands(cast("Looks", looks))]


def test_what_posts_is_not_sent_only_to_be_read() -> None:
    """The answer to a command without effects is; that of the other one is read where it is there."""
    looks = _Looks()

    assert ["/ping"] == _said(looks)
    looks.command(POSTING)
    assert ["/ping", "/register"] == _said(looks)
    assert ["ping", "register"] == looks.sent


def test_without_a_key_or_an_answer_nothing_was_said() -> None:
    """Other checks tell of that."""
    assert [] == _said(_Looks(signs=False))
    assert [] == _said(_Looks(answers=False))


def test_what_people_read() -> None:
    """The reply to each command, and what one of them posted."""
    read = list(written(cast("Looks", _Looks())))

    assert [
        ("/ping", "this is ping", ""),
        ("/register", "this is register", ""),
        ("what /register posted", "a message", ""),
    ] == read


def test_what_was_posted_is_read_where_it_was_looked_at() -> None:
    """Nothing is sent only for that."""
    looks = _Looks()

    assert [] == list(written_later(cast("Looks", looks)))
    looks.command(POSTING)
    assert [("what /register posted", "a message")] == list(written_later(cast("Looks", looks)))
    assert ["register"] == looks.sent
