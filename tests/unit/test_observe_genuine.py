"""What Discord sends, as a tail shows it, and what that proves."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from backstop.cloudflare.tail import Tail, TailEvent
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer
from backstop.model.version import version_id
from backstop.observe.genuine import Vigil, is_genuine, refuse_if_gullible, weigh
from backstop.rollback.edge_witness import MARKER

OLD, NEW = (version_id(f"{digit * 8}-0000-4000-8000-000000000000") for digit in "ab")
ENDPOINT = "https://bot.example/interactions"
HEADERS = (
    ("user-agent", "Discord-Interactions/1.0 (+https://discord.com)"),
    ("x-signature-ed25519", "REDACTED"),
    ("x-signature-timestamp", "1764000000"),
)
SENT = TailEvent(NEW, "ok", ENDPOINT, "POST", 200, HEADERS)


def _without(name: str) -> tuple[tuple[str, str], ...]:
    return tuple(header for header in HEADERS if header[0] != name)


@pytest.mark.parametrize(
    ("event", "genuine"),
    [
        (SENT, True),
        (replace(SENT, url=f"{ENDPOINT}?a=b", status=401), True),
        (replace(SENT, method="GET"), False),
        (replace(SENT, url="https://bot.example/"), False),
        (replace(SENT, headers=_without("x-signature-ed25519")), False),
        (replace(SENT, headers=_without("x-signature-timestamp")), False),
        (replace(SENT, headers=_without("user-agent")), False),
        (replace(SENT, headers=(*_without("user-agent"), ("user-agent", "curl/8"))), False),
        (replace(SENT, headers=(*HEADERS, (MARKER.lower(), "usual-ping"))), False),
    ],
)
def test_marks_of_discords_requests(event: TailEvent, genuine: bool) -> None:
    """A POST to the endpoint with Discord's headers, whatever the tail hides, and none of our probes."""
    assert genuine == is_genuine(event, "/interactions")


@pytest.mark.parametrize(
    ("event", "ended"),
    [
        (SENT, "taken"),
        (replace(SENT, status=202), "taken"),
        (replace(SENT, status=401), "refused"),
        (replace(SENT, status=403), "broken"),
        (replace(SENT, status=500), "broken"),
        (replace(SENT, outcome="exception", status=None), "broken"),
        (replace(SENT, outcome="exceededCpu", status=200), "broken"),
        (replace(SENT, version=OLD), ""),
        (replace(SENT, version=None), ""),
    ],
)
def test_how_discords_requests_ended(event: TailEvent, ended: str) -> None:
    """Well, refused, or badly; on a version that is not deployed it does not count."""
    found = weigh([event], ENDPOINT, {NEW})

    told = {"taken": found.taken, "refused": found.refused, "broken": found.broken}
    assert {name: (event,) if name == ended else () for name in told} == told


def test_a_few_refused_ones_are_discords_own_tests() -> None:
    """It signs wrongly on purpose now and then; three at once are more than that."""
    refused = replace(SENT, status=401)

    assert not weigh([refused] * 2, ENDPOINT, {NEW}).several_refused
    assert weigh([refused] * 3, ENDPOINT, {NEW}).several_refused


def test_the_root_is_a_path_too() -> None:
    """Where the endpoint is the bot's address itself."""
    assert weigh([replace(SENT, url="https://bot.example")], "https://bot.example/", {NEW}).taken


@pytest.mark.parametrize(("status", "gullible"), [(401, False), (403, False), (200, True), (204, True)])
def test_a_bot_that_takes_forged_signatures_proves_nothing(status: int, gullible: bool) -> None:
    """What it takes may be anybody's."""
    answer = Answer(status, (), b"")

    if not gullible:
        refuse_if_gullible(answer)
        return
    with pytest.raises(CouldNotLook, match="proves nothing"):
        refuse_if_gullible(answer)


class _Tail:
    """Shows an event once it was asked so many times."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.waited: list[float] = []

    def find(self, wanted: object, deadline: float) -> TailEvent | None:
        self.waited.append(deadline)
        return SENT if len(self.waited) >= self.after else None


@pytest.mark.parametrize(
    ("seconds", "after", "waited", "last"),
    [
        (0, 1, [], ""),
        (25, 1, [10], "took it"),
        (25, 3, [10, 10, 5], "took it"),
        (25, 9, [10, 10, 5], "0 s left"),
    ],
)
def test_waiting_ends(seconds: float, after: int, waited: list[float], last: str) -> None:
    """With the first one that is taken, else when the time is up; it tells every ten seconds."""
    tail, told = _Tail(after), [""]

    Vigil(seconds, told.append).wait(cast("Tail", tail), lambda _: True)

    assert waited == tail.waited
    assert told[-1].endswith(last)
    assert len(told) == (len(waited) + 2 if waited else 1)
