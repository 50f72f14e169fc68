"""What a bot said to the commands of its target, and what is not sent for that."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from backstop.model.errors import OnlyDiscordSigns
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.model.target import Command, Target
from backstop.observe.commands import CommandLook
from backstop.observe.looks import Looks
from backstop.observe.once import once
from backstop.observe.said import to_commands

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
        result = Answer(200, (), command.name.encode()) if self._answers else silent
        return CommandLook(Exchange(REQUEST, result, Timing(0.1, 0.1), datetime.now(UTC)), ())


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
