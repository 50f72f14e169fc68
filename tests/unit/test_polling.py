"""The polling loop, on a clock that only moves when it is waited on."""

from __future__ import annotations

import pytest

from backstop.model.errors import CouldNotLook
from backstop.polling import PollTimedOut, SystemClock, poll
from tests.unit.fakeclock import FakeClock


def test_returns_what_is_seen_without_waiting() -> None:
    """Something that is there at the first look costs no pause."""
    clock = FakeClock()

    seen = poll(lambda: "there", deadline=1, what="it", clock=clock)

    assert seen == "there"
    assert clock.pauses == []


@pytest.mark.parametrize("falsy", [0, "", (), False])
def test_only_none_means_nothing_seen(falsy: object) -> None:
    """A falsy value is a result like any other."""
    assert poll(lambda: falsy, deadline=1, what="it", clock=FakeClock()) == falsy


def test_pauses_grow_up_to_the_longest() -> None:
    """Each pause is longer than the one before, until the cap."""
    clock = FakeClock()
    looks = iter([None] * 8 + ["there"])

    poll(lambda: next(looks), deadline=60, every=0.1, most=0.5, what="it", clock=clock)

    assert clock.pauses[0] == 0.1
    assert clock.pauses == sorted(clock.pauses)
    assert clock.pauses[-1] == 0.5


def test_last_look_is_at_the_deadline() -> None:
    """The last pause is cut so that a look falls on the deadline itself."""
    clock = FakeClock()
    looks: list[float] = []

    with pytest.raises(PollTimedOut):
        poll(lambda: looks.append(clock.time), deadline=2.5, every=1, most=1, what="it", clock=clock)

    assert [look - 100 for look in looks] == pytest.approx([0, 1, 2, 2.5])


def test_time_out_tells_what_and_the_last_error() -> None:
    """The message names what was waited for, how long, and why the last look saw nothing."""

    def look() -> None:
        message = "the API answered 503"
        raise CouldNotLook(message, remedy="try later")

    with pytest.raises(PollTimedOut, match=r"version 2 serving: not seen within 3\.0 s") as caught:
        poll(look, deadline=3, what="version 2 serving", clock=FakeClock())

    assert "the API answered 503" in caught.value.message
    assert caught.value.remedy == "try later"
    assert isinstance(caught.value.__cause__, CouldNotLook)
    assert caught.value.seconds == 3


def test_a_look_that_fails_now_and_then_is_repeated() -> None:
    """A CouldNotLook is no end, as long as a later look sees something."""
    answers = iter([CouldNotLook("no answer"), None, "there"])

    def look() -> str | None:
        answer = next(answers)
        if isinstance(answer, CouldNotLook):
            raise answer
        return answer

    assert poll(look, deadline=9, what="it", clock=FakeClock()) == "there"


def test_other_errors_go_through() -> None:
    """An error of ours isn't waited away."""
    with pytest.raises(ZeroDivisionError):
        poll(lambda: 1 / 0, deadline=9, what="it", clock=FakeClock())


def test_system_clock_moves_while_it_waits() -> None:
    """The clock of the machine passes at least the time that is waited."""
    clock = SystemClock()
    began = clock.now()

    clock.wait(0.01)

    assert clock.now() - began >= 0.009
