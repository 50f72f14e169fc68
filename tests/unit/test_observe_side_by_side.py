"""Which two versions can be asked in turns, and where each of them is reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.tail_event import TailEvent
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, Request, Timing
from backstop.model.version import Deployment
from backstop.observe.looks import Looks
from backstop.observe.side_by_side import Prover, at_two_addresses, side_by_side
from backstop.observe.turns import OVERRIDES, again
from tests.unit.rollbacks import deployed, version, vid

OLD_ADDRESS = "https://old.example/"


class NoTail:
    """An API that opens no tail."""

    def create_tail(self, *_arguments: object) -> object:
        """Say so."""
        message = "no tail"
        raise CouldNotLook(message)


@dataclass
class Bot:
    """Answers at every address with ``shown`` in its body, and keeps what it was asked."""

    shown: str
    asked: list[Request] = field(default_factory=list)

    def ask(self, request: Request) -> Exchange:
        """One answer."""
        self.asked.append(request)
        return Exchange(request, Answer(200, (), self.shown.encode()), Timing(0.1, 0.1), datetime.now(UTC))


def _looks(
    head: Deployment, numbers: Sequence[int] = (1, 2, 3), bot: Bot | None = None, previous: str = ""
) -> Looks:
    target = SimpleNamespace(worker="bot", previous_url=previous, concurrency=2)
    looks: Any = SimpleNamespace(
        plain=Request("GET", "https://bot.example/health"),
        deployed=SimpleNamespace(head=head, listed=tuple(version(number) for number in numbers)),
        place=SimpleNamespace(target=target, prober=bot, api=NoTail()),
    )
    return cast("Looks", looks)


def _asked_for(request: Request) -> str:
    return dict(request.headers)[OVERRIDES]


@pytest.mark.parametrize("head", [deployed(3, 2, split=(100, 0)), deployed(2, 3, split=(90, 10))])
def test_the_later_upload_is_the_new_one(head: Deployment) -> None:
    """Whatever part of the traffic it has, and whichever is named first."""
    pair = side_by_side(_looks(head))

    assert pair is not None
    assert 2 == pair.at_once
    assert (vid(2), vid(3)) == (pair.old.version, pair.new.version)
    assert (f'bot="{vid(2)}"', f'bot="{vid(3)}"') == (
        _asked_for(pair.old.request),
        _asked_for(pair.new.request),
    )


@pytest.mark.parametrize(
    ("head", "numbers"), [(deployed(3), (1, 2, 3)), (deployed(1, 2, 3), (1, 2, 3)), (deployed(3, 9), (3,))]
)
def test_one_version_or_three_are_no_pair(head: Deployment, numbers: Sequence[int]) -> None:
    """Nor is one that nobody knows."""
    assert side_by_side(_looks(head, numbers)) is None


def test_the_version_before_may_have_an_address_of_its_own() -> None:
    """Asked for the same path; who answers there is seen, not believed."""
    pair = at_two_addresses(_looks(deployed(3), bot=Bot(f"version {vid(2)}"), previous=OLD_ADDRESS))

    assert pair is not None
    assert 2 == pair.at_once
    assert (vid(2), "https://old.example/health") == (pair.old.version, pair.old.request.url)
    assert (vid(3), "https://bot.example/health") == (pair.new.version, pair.new.request.url)


def test_an_address_of_the_same_version_is_none_of_the_one_before() -> None:
    """And without an address, or with a split, nobody is asked."""
    bot = Bot(f"version {vid(3)}")

    assert at_two_addresses(_looks(deployed(3), bot=bot, previous=OLD_ADDRESS)) is None
    assert 1 == len(bot.asked)
    assert at_two_addresses(_looks(deployed(3), bot=bot)) is None
    assert at_two_addresses(_looks(deployed(3, 2), bot=bot, previous=OLD_ADDRESS)) is None
    assert 1 == len(bot.asked)


def test_who_answers_unseen_is_not_compared_with() -> None:
    """It shows no version, and the tail can't be opened."""
    with pytest.raises(CouldNotLook):
        at_two_addresses(_looks(deployed(3), bot=Bot("hello"), previous=OLD_ADDRESS))


class OneTail:
    """A tail that holds what is put into it; ``opened`` counts how often one was."""

    opened = 0
    events: tuple[TailEvent, ...] = ()

    def __init__(self, *_arguments: object) -> None:
        type(self).opened += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing to close."""

    def find(self, wanted: Callable[[TailEvent], bool], _deadline: float) -> TailEvent | None:
        """The first that is wanted."""
        return next(filter(wanted, self.events), None)


def test_a_version_that_is_not_shown_is_found_in_the_tail(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the marker of the very request; what was answered before the tail was open is not waited for."""
    monkeypatch.setattr("backstop.observe.side_by_side.Tail", OneTail)
    bot = Bot("hello")
    asked = again(Request("GET", "https://bot.example/"))
    first, early = bot.ask(asked), bot.ask(asked)
    OneTail.events = (TailEvent(vid(2), "ok", headers=asked.headers),)
    with Prover(cast("CloudflareApi", NoTail()), "bot", [vid(2)]) as prover:
        found = [prover.version_of(first), prover.version_of(early)]
        found += [prover.version_of(bot.ask(asked)), prover.version_of(bot.ask(again(asked)))]

    assert [None, None, vid(2), None] == found
    assert 1 == OneTail.opened
