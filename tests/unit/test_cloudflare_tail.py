"""The tail: events are found, odd frames are left out, and it is deleted whatever happens."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.tail import Tail
from backstop.cloudflare.tail_event import TailEvent, read_event
from backstop.model.errors import CouldNotLook
from backstop.model.target import Secret
from backstop.model.version import VersionId
from tests.unit.loopback import Canned, api

VERSION = VersionId("71570803-d6b0-4a51-b97f-42fadb8da7e1")
SCRIPT = "/accounts/acc/workers/scripts/bot"
EVENT = {
    "wallTime": 0,
    "outcome": "exception",
    "scriptName": "bot",
    "scriptVersion": {"id": VERSION},
    "exceptions": [{"name": "Error", "message": "boom", "stack": "at x", "timestamp": 1}],
    "logs": [{"message": ["a", {"b": 1}, 2], "level": "log", "timestamp": 1}],
    "eventTimestamp": 1769860800000,
    "event": {
        "request": {"url": "http://bot/x", "method": "GET", "headers": {"x-backstop-probe": "m1"}, "cf": {}},
        "response": {"status": 500},
    },
}


@contextmanager
def _websocket(handler: Callable[[ServerConnection], None]) -> Iterator[str]:
    def quiet(connection: ServerConnection) -> None:
        try:
            handler(connection)
        except ConnectionClosed:
            return

    with serve(quiet, "127.0.0.1", 0, subprotocols=[Subprotocol("trace-v1")], compression=None) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}/ws/t1"
        finally:
            server.shutdown()
            thread.join(5)


@contextmanager
def _tailed(url: str) -> Iterator[tuple[CloudflareApi, Canned]]:
    ok = {"success": True, "errors": [], "messages": []}
    answers: dict[str, tuple[int, object]] = {
        f"POST {SCRIPT}/tails": (200, {**ok, "result": {"id": "t1", "url": url}}),
        f"DELETE {SCRIPT}/tails/t1": (200, {**ok, "result": None}),
    }
    with api(answers) as canned, CloudflareApi(canned.url, Secret("T", "tok"), "acc") as cloudflare:
        yield cloudflare, canned


def _with_marker(marker: str) -> Callable[[TailEvent], bool]:
    return lambda event: ("x-backstop-probe", marker) in event.headers


def test_an_event_is_read() -> None:
    """What a check wants to know of an invocation."""
    event = read_event(json.dumps(EVENT))

    assert event == TailEvent(
        version=VERSION,
        outcome="exception",
        url="http://bot/x",
        method="GET",
        status=500,
        headers=(("x-backstop-probe", "m1"),),
        logs=('a {"b": 1} 2',),
        exceptions=("Error: boom",),
        at=datetime(2026, 1, 31, 12, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize("frame", ["", "no json", "[]", "{}", '{"outcome": 1}', b"\xff", "[" * 100_000])
def test_what_is_no_event_is_none(frame: str | bytes) -> None:
    """One odd frame does not end a tail."""
    assert read_event(frame) is None


@pytest.mark.parametrize(
    "odd",
    [
        {"event": None, "logs": "x", "exceptions": [1], "scriptVersion": {"id": 3}, "eventTimestamp": "x"},
        {"event": {"request": [], "response": {"status": "x"}}, "logs": [None], "eventTimestamp": 1e30},
        {"event": {"request": {"headers": {"a": 1}}}, "logs": [{"message": None}]},
    ],
)
def test_odd_members_are_left_out(odd: dict[str, object]) -> None:
    """An event of a cron or an alarm has no request."""
    event = read_event(json.dumps({"outcome": "ok", **odd}))

    assert event is not None
    assert ("ok", None, "", None) == (event.outcome, event.version, event.url, event.status)


def test_an_event_is_found_before_and_after_it_comes() -> None:
    """Those seen already count, and those of the time that is given."""
    first = threading.Event()
    received: list[str | bytes] = []

    def handler(connection: ServerConnection) -> None:
        received.append(connection.recv(5))
        for frame in ("no event", json.dumps(EVENT)):
            connection.send(frame)
        first.wait(5)
        connection.send(json.dumps(EVENT).replace("m1", "m2"))
        connection.recv(5)

    with _websocket(handler) as url, _tailed(url) as (cloudflare, canned):
        with Tail(cloudflare, "bot") as tail:
            found = tail.find(_with_marker("m1"), 5)
            again = tail.find(_with_marker("m1"), 0)
            never = tail.find(_with_marker("m2"), 0.05)
            first.set()
            later = tail.find(_with_marker("m2"), 5)
            assert 2 == len(tail.events)
        assert [f"POST {SCRIPT}/tails", f"DELETE {SCRIPT}/tails/t1"] == canned.asked

    assert found is not None
    assert (VERSION, found, None) == (found.version, again, never)
    assert later is not None
    assert ['{"debug": false}'] == received


def test_a_lost_tail_says_so_and_is_deleted() -> None:
    """No event in a dead tail is no data, never no errors."""

    def handler(connection: ServerConnection) -> None:
        connection.recv(5)
        connection.send(json.dumps(EVENT))
        connection.close()

    with _websocket(handler) as url, _tailed(url) as (cloudflare, canned):
        with Tail(cloudflare, "bot") as tail:
            assert tail.find(_with_marker("m1"), 5) is not None
            with pytest.raises(CouldNotLook, match="lost"):
                tail.find(_with_marker("m2"), 5)
        assert f"DELETE {SCRIPT}/tails/t1" == canned.asked[-1]


@pytest.mark.parametrize("url", ["ws://127.0.0.1:9/ws", "no url", "http://127.0.0.1:9/"])
def test_a_tail_that_can_not_be_opened_is_deleted(url: str) -> None:
    """The address leads nowhere."""
    with _tailed(url) as (cloudflare, canned):
        with pytest.raises(CouldNotLook, match="can't be opened"), Tail(cloudflare, "bot"):
            pass
        assert f"DELETE {SCRIPT}/tails/t1" == canned.asked[-1]


def test_an_exception_inside_goes_through_and_the_tail_is_deleted() -> None:
    """Also when deleting it fails: it expires by itself."""

    def handler(connection: ServerConnection) -> None:
        connection.recv(5)
        connection.recv(5)

    with _websocket(handler) as url, _tailed(url) as (cloudflare, canned):
        canned.answers[f"DELETE {SCRIPT}/tails/t1"] = (500, b"")
        with pytest.raises(KeyError), Tail(cloudflare, "bot"):
            raise KeyError
        assert f"DELETE {SCRIPT}/tails/t1" == canned.asked[-1]
