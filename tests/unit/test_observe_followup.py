"""What follows a deferred reply: seen, missing, or out of sight."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from backstop.discord.api import DiscordApi
from backstop.discord.courier import Courier
from backstop.model.errors import CouldNotLook
from backstop.model.target import Command, Expected, Secret, Target
from backstop.observe.followup import Followed, FollowUp, follow_up
from backstop.place import Place
from backstop.probes.control import ControlProbe
from backstop.probes.prober import Prober
from tests.unit.loopback import api

SLOW = Command("slow", expect=Expected((5,)))
TARGET = Target("t", sandbox=True, url="http://bot.test", discord_application_id="1")
UNKNOWN_MESSAGE = (404, {"message": "Unknown Message", "code": 10008})
UNKNOWN_WEBHOOK = (404, {"message": "Unknown Webhook", "code": 10015})


class FastClock:
    """Time passes only where somebody waits."""

    def __init__(self) -> None:
        self._now = 0.0

    def now(self) -> float:
        """Seconds waited so far."""
        return self._now

    def wait(self, seconds: float) -> None:
        """Pass at once."""
        self._now += seconds


class _Answers(dict[str, tuple[int, Any]]):
    """One answer for any webhook, whatever its token; the answers before it come first, one each."""

    def __init__(self, *original: tuple[int, Any], problem: str = "") -> None:
        super().__init__({"POST /discord/interactions": (200, {"problem": problem})})
        self._original = list(original)
        self._lock = threading.Lock()

    def get(self, key: str, default: Any = None) -> Any:
        if "/webhooks/1/" not in key:
            return super().get(key, default)
        assert key.endswith("/messages/@original")
        with self._lock:
            return self._original.pop(0) if len(self._original) > 1 else self._original[0]


@contextmanager
def _place(answers: _Answers, *, courier: bool = True) -> Iterator[Place]:
    with (
        api(answers) as canned,
        DiscordApi(canned.url, Secret("t", "tok")) as discord,
        Prober(canned.url) as prober,
    ):
        sender = Courier(canned.url) if courier else None
        yield Place(TARGET, prober, ControlProbe(()), discord=discord, courier=sender)


def test_a_follow_up_is_seen() -> None:
    """As soon as there is a message, and not while Discord shows "thinking …"."""
    loading = (200, {"id": "5", "content": "", "flags": 1 << 7})
    with _place(
        _Answers(UNKNOWN_MESSAGE, loading, (200, {"id": "5", "content": "done", "flags": 64}))
    ) as place:
        followed = follow_up(place, SLOW, FastClock())

    assert (FollowUp.SEEN, "done") == (followed.found, followed.message["content"])


@pytest.mark.parametrize("never", [UNKNOWN_MESSAGE, (200, {"id": "5", "content": "", "flags": 192})])
def test_nothing_follows(never: tuple[int, Any]) -> None:
    """As long is waited as a worker may go on after its answer, and no longer."""
    with _place(_Answers(never)) as place:
        clock = FastClock()

        assert follow_up(place, SLOW, clock).found is FollowUp.MISSING
        assert clock.now() == pytest.approx(30.0)


def test_a_token_of_our_own_shows_nothing() -> None:
    """Discord does not know it; nothing is asked."""
    with _place(_Answers(UNKNOWN_MESSAGE), courier=False) as place:
        assert follow_up(place, SLOW).found is FollowUp.OUT_OF_SIGHT


def test_what_can_not_be_read_is_not_missing() -> None:
    """Discord refuses to show it, which says nothing of the bot; the token is not shown."""
    with _place(_Answers(UNKNOWN_WEBHOOK)) as place:
        with pytest.raises(CouldNotLook, match="Unknown Webhook") as caught:
            follow_up(place, SLOW, FastClock())
        assert "/webhooks/…/" in caught.value.message


def test_a_bot_that_answers_otherwise_at_the_second_time() -> None:
    """It was looked at, and it does not hold: a bot that fails now and then is not one that nobody saw."""
    problem = "status 500 instead of 200"
    with _place(_Answers(UNKNOWN_MESSAGE, problem=problem)) as place:
        assert Followed(FollowUp.NOT_TAKEN, problem=problem) == follow_up(place, SLOW)
