"""A channel that can be asked is asked whether a message has arrived, before it is told a second time."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from backstop.model.http import Answer
from backstop.notify.deliver import Delivered, Delivery
from backstop.notify.notifier import Known, Refusal
from tests.unit.fakeclock import FakeClock
from tests.unit.loopback import RawServer
from tests.unit.telling import discord, letter, slack, statuspage

LOST = "Statuspage is out of order (502); it may have been posted all the same"


@dataclass
class Page:
    """A status page that answers the first messages with ``status``, and ``keeps`` them or not."""

    keeps: Sequence[bool]
    seek_status: int = 200
    status: int = 502
    entries: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def serve(self, connection: socket.socket) -> None:
        """Answer one request."""
        method, body = _read(connection)
        self.asked.append(method)
        status, content = self._seen() if method == "GET" else self._taken(body)
        _say(connection, status, content)

    def _seen(self) -> tuple[int, object]:
        marked = [{"id": "abc", "metadata": {"backstop": {"message": each}}} for each in self.entries[-1:]]
        return self.seek_status, [{"id": "older", "metadata": {}}, {"id": "odd", "metadata": 5}, *marked]

    def _taken(self, body: bytes) -> tuple[int, object]:
        told = sum(each != "GET" for each in self.asked)
        if told > len(self.keeps) or self.keeps[told - 1]:
            self.entries.append(json.loads(body)["incident"]["metadata"]["backstop"]["message"])
        return (self.status, {}) if told <= len(self.keeps) else (200, {"id": "abc"})


def _read(connection: socket.socket) -> tuple[str, bytes]:
    data = b""
    while b"\r\n\r\n" not in data and (chunk := connection.recv(65536)):
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    named = [line for line in head.lower().splitlines() if line.startswith(b"content-length:")]
    length = int(named[0].partition(b":")[2]) if named else 0
    while len(body) < length and (chunk := connection.recv(65536)):
        body += chunk
    return head.decode().partition(" ")[0], body


def _say(connection: socket.socket, status: int, content: object) -> None:
    text = json.dumps(content).encode()
    connection.sendall(b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n" % (status, len(text)) + text)


def _made(page: Page, known: Known | None) -> Delivered:
    with RawServer(page.serve) as server:
        return Delivery(statuspage(server.url), letter(), known, 10.0, FakeClock()).make()


@pytest.mark.parametrize(("known", "write"), [(None, "POST"), (Known("run", "abc"), "PATCH")])
@pytest.mark.parametrize(
    ("keeps", "asked"),
    [([True], ["GET"]), ([False], ["GET", "again"]), ([False, True], ["GET", "again", "GET"])],
)
def test_a_status_page_is_asked_before_it_is_told_again(
    known: Known | None, write: str, keeps: list[bool], asked: list[str]
) -> None:
    """Each telling is an entry that everybody sees: there is one, whether or not its answer was lost."""
    page = Page(keeps)
    found = _made(page, known)

    assert ("abc", False) == (found.taken and found.taken.id, found.perhaps)
    assert 1 == len(page.entries)
    assert [write, *(write if each == "again" else each for each in asked)] == page.asked


@pytest.mark.parametrize("known", [None, Known("run", "abc")])
def test_what_nobody_can_tell_is_not_told_twice(known: Known | None) -> None:
    """The page does not answer the look either."""
    page = Page([True], seek_status=502)
    found = _made(page, known)

    assert (None, True, LOST) == (found.taken, found.perhaps, found.answer)
    assert ["GET"] * 3 == page.asked[1:]


@pytest.mark.parametrize(("status", "told"), [(500, 2), (502, 2), (503, 2), (504, 1), (524, 1)])
def test_what_a_gateway_did_not_wait_for_may_still_come(status: int, told: int) -> None:
    """It is looked for, and not told again; what has failed is, once it is seen not to be there."""
    page = Page([False], status=status)
    found = _made(page, None)

    assert told == page.asked.count("POST")
    assert found.perhaps is (told == 1)


def test_what_may_still_be_under_way_is_not_told_twice() -> None:
    """There was no answer in time: what is not there yet may come."""
    asked = []

    def serve(connection: socket.socket) -> None:
        asked.append(_read(connection)[0])
        if asked[-1] == "GET":
            _say(connection, 200, [])
        else:
            connection.recv(1)

    with RawServer(serve) as server:
        found = Delivery(statuspage(server.url), letter(), None, 7.0).make()

    assert (None, True) == (found.taken, found.perhaps)
    assert ("POST", {"GET"}) == (asked[0], set(asked[1:]))


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"", b"5", b'"x"', b"[5]", b"[null]", b'[{"id": "a/b"}]', b'{"error": "x"}', b"[" * 9_000],
)
def test_what_is_no_list_of_incidents_tells_nothing(body: bytes) -> None:
    """A page of somebody else's says neither that it is there nor that it is not."""
    found = statuspage("http://x").sought(Answer(200, (), body), letter(), None)

    assert Refusal("nobody can tell whether it is there", perhaps=True) == found


def test_webhooks_can_not_be_asked() -> None:
    """Slack's and Discord's only take messages."""
    assert [None, None] == [make("http://x").seek(letter(), None) for make in (slack, discord)]
