"""In which order a look asks a bot: what follows from an answered request is sent after that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from backstop.discord.signer import SIGNATURE, TIMESTAMP, Signer
from backstop.model.errors import OnlyDiscordSigns
from backstop.model.http import Answer, Exchange, Request, Timing
from backstop.model.target import Target
from backstop.observe.bot import BotLook
from backstop.observe.catalogue.commands import UNKNOWN_COMMAND
from backstop.observe.catalogue.interactions import FORGED, PING, TAKEN, UNSIGNED
from backstop.observe.overrun import Overrun
from backstop.observe.probe import Sending
from backstop.rollback.edge_witness import MARKER

TARGET = Target("local", sandbox=True, url="http://127.0.0.1:1", health=None)
FOLLOWING = ("replay", "remembered_message", "remembered_body", "remembered_signature")


class Asked:
    """A prober that keeps what it is asked for; the n-th request, from 1, is answered with that status."""

    def __init__(self, status: Callable[[int], int] = lambda _: 200) -> None:
        self.requests: list[Request] = []
        self.status = status

    def ask_twice(self, request: Request | Callable[[], Request], *, harmless: bool = False) -> Any:
        """One exchange; a request is made when its turn has come."""
        made = request() if callable(request) else request
        self.requests.append(made)
        answer = Answer(self.status(len(self.requests)), (), b"{}")
        return (Exchange(made, answer, Timing(0.01), datetime.now(UTC)),)

    def ask_all_twice(self, requests: Sequence[Any], *, harmless: bool = False) -> Any:
        """All of them, in order."""
        return tuple(self.ask_twice(request) for request in requests)

    def ask_all(self, requests: Sequence[Any]) -> Any:
        """Nothing is ever given up here."""
        assert not requests
        return ()


def _look(prober: Asked, signer: Signer | None) -> BotLook:
    probes = (*(FORGED[name] for name in FOLLOWING), PING, UNSIGNED)
    sending = Sending(TARGET, signer, Signer.random())
    return BotLook(cast("Any", prober), probes, sending, lambda: True)


def _marked(request: Request) -> list[str]:
    return [value for name, value in request.headers if name == MARKER]


def test_what_a_bot_may_remember_follows_what_it_has_just_taken() -> None:
    """All else is sent first; one genuine PING is enough for all that follows from it."""
    prober = Asked()
    look = _look(prober, Signer.random())

    followers = [look.attempts(FORGED[name]) for name in FOLLOWING]

    assert [1, 1, 1, 1] == [len(attempts) for attempts in followers]
    assert [[probe.marker] for probe in (PING, UNSIGNED, TAKEN, *(FORGED[name] for name in FOLLOWING))] == [
        _marked(request) for request in prober.requests
    ]
    taken, again, message, *_ = (dict(request.headers) for request in prober.requests[2:])
    assert taken[SIGNATURE] == again[SIGNATURE] != message[SIGNATURE]
    assert taken[TIMESTAMP] == message[TIMESTAMP]
    assert {TAKEN.marker, PING.marker} == {mark for sent in look.usual() for mark in _marked(sent.request)}


def test_what_is_sent_several_times_is_signed_anew_each_time() -> None:
    """A bot that refuses replays would refuse the others."""
    prober = Asked()
    sending = Sending(TARGET, Signer.random(), Signer.random())
    look = BotLook(cast("Any", prober), (UNKNOWN_COMMAND,), sending, lambda: True)

    sent = look.attempts(UNKNOWN_COMMAND)

    assert UNKNOWN_COMMAND.times == len(sent) == len({each.request.body for each in sent})


def test_without_a_key_nothing_follows() -> None:
    """Nor is it sent without what it follows, which would show nothing."""
    prober = Asked()
    look = _look(prober, None)

    with pytest.raises(OnlyDiscordSigns):
        look.attempts(FORGED["remembered_message"])
    assert [[UNSIGNED.marker]] == [_marked(request) for request in prober.requests]


def test_who_turns_down_strangers_that_knock_often_was_asked_too_often() -> None:
    """After some forged requests it answers 429: what it would say to the next one is not known."""
    look = _look(Asked(lambda number: 429 if number > 3 else 401), Signer.random())

    assert 401 == look.answer(UNSIGNED).status
    with pytest.raises(Overrun):
        look.answer(FORGED["remembered_message"])


def test_who_turns_down_what_is_genuine_is_judged_by_that() -> None:
    """However well forged requests are refused meanwhile."""
    look = _look(Asked(lambda number: 401 if number == 2 else 429), Signer.random())

    assert 401 == look.answer(UNSIGNED).status
    assert 429 == look.answer(PING).status
