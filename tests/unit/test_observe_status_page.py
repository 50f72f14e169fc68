"""What a status page says, and all that may answer in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backstop.model.errors import CouldNotLook
from backstop.observe.status_page import Component, StatusPage, read_status_page, status_page
from backstop.probes.limits import Limits
from tests.hostile.wire import dripping
from tests.unit.loopback import RawServer, api, saying


@pytest.mark.parametrize(
    ("indicator", "well", "outage"),
    [
        ("none", True, False),
        ("minor", False, False),
        ("maintenance", False, False),
        ("major", False, True),
        ("critical", False, True),
        ("MAJOR", False, True),
    ],
)
def test_status_pages(indicator: str, well: bool, outage: bool) -> None:
    """What is small is said, what is big keeps us from judging a bot."""
    with api({"GET /status.json": (200, {"status": {"indicator": indicator, "description": "x"}})}) as canned:
        page = read_status_page("Discord's status page", canned.url)

    assert (well, outage) == (page.well, page.outage)


@pytest.mark.parametrize("content", [None, [], {}, {"status": "fine"}, {"status": {"indicator": 1}}])
def test_what_is_no_status_page(content: object) -> None:
    """Then nothing is known of the service."""
    with pytest.raises(CouldNotLook, match="wanted a status"):
        status_page("it", content)


@pytest.mark.parametrize("indicator", ["", "purple", "operational", "x" * 9_000, "a\nb"])
def test_an_indicator_that_the_format_does_not_have(indicator: str) -> None:
    """It is neither all well nor an outage."""
    with pytest.raises(CouldNotLook, match="wanted one of critical, maintenance") as caught:
        status_page("it", {"status": {"indicator": indicator}})

    assert len(caught.value.message) < 400
    assert "\n" not in caught.value.message


def test_the_summary_has_the_parts() -> None:
    """Groups, what is no component, conditions that there are not, and what is over are left out."""
    summary = {
        "page": {"updated_at": "2026-11-04T17:33:22-08:00"},
        "status": {"indicator": "minor", "description": "x"},
        "components": [
            {"name": "API", "status": "major_outage", "group": False},
            {"name": "Voice", "status": "major_outage", "group": True},
            {"name": "Gateway", "status": "fine"},
            {"name": ["Gateway"], "status": "operational"},
            {"name": "Media\nProxy", "status": "OPERATIONAL"},
            "API",
        ],
        "incidents": [
            {"name": "Elevated errors", "status": "identified", "resolved_at": None},
            {"name": "Old", "status": "resolved", "resolved_at": "2026-11-01T00:00:00Z"},
            7,
        ],
    }
    status = {"status": {"indicator": "major", "description": "x"}}
    with api({"GET /summary.json": (200, summary), "GET /status.json": (200, status)}) as canned:
        page = read_status_page("it", canned.url)

    assert "major" == page.indicator
    assert (Component("API", "major_outage"), Component("Media Proxy", "operational")) == page.components
    assert ("Elevated errors",) == page.incidents
    assert datetime(2026, 11, 5, 1, 33, 22, tzinfo=UTC) == page.changed


@pytest.mark.parametrize("summary", [(404, b"<html>"), (200, b"<html>"), (503, {}), (200, []), (302, {})])
def test_a_page_without_a_summary(summary: tuple[int, object]) -> None:
    """Its headline is told all the same."""
    status = {"status": {"indicator": "minor", "description": "x"}}
    with api({"GET /status.json": (200, status), "GET /summary.json": summary}) as canned:
        page = read_status_page("it", canned.url)

    assert StatusPage("minor", "x") == replace(page, asked=None)


def test_a_page_says_when_it_was_asked() -> None:
    """By its own clock, so that ours being wrong ages no outage."""
    body = b'{"status": {"indicator": "minor"}}'
    head = b"HTTP/1.1 200 OK\r\nDate: Wed, 25 Nov 2020 23:59:30 GMT\r\nContent-Length: %d\r\n\r\n" % len(body)

    with RawServer(saying(head + body)) as server:
        page = read_status_page("it", server.url)

    assert datetime(2020, 11, 25, 23, 59, 30, tzinfo=UTC) == page.asked


@pytest.mark.parametrize("date", [b"", b"Date: soon\r\n"])
def test_a_page_that_does_not_say_when(date: bytes) -> None:
    """By our clock."""
    began = datetime.now(UTC)
    body = b'{"status": {"indicator": "minor"}}'

    with RawServer(
        saying(b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n" % (date, len(body)) + body)
    ) as server:
        page = read_status_page("it", server.url)

    assert page.asked is not None
    assert began <= page.asked <= datetime.now(UTC)


@pytest.mark.parametrize("odd", [None, 5, "x", {}, [None], [[]], {"a": 1}, {"updated_at": [1]}])
def test_what_is_odd_beside_the_status_is_left_out(odd: object) -> None:
    """The headline is told all the same."""
    status = {"indicator": "none", "description": "x"}

    page = status_page("it", {"status": status, "page": odd, "components": odd, "incidents": odd})

    assert StatusPage("none", "x") == page


def test_what_a_page_says_is_one_line() -> None:
    """Whatever stands there; the terminal shows it."""
    words = "Outage\n\x1b[31mred " + "x" * 9_000

    page = status_page("it", {"status": {"indicator": "major", "description": words}})

    assert page.description.startswith("Outage  [31mred x")
    assert len(page.description) <= 200


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"200 OK\r\nContent-Length: 6\r\n\r\n<html>", "answered 200 with what is no JSON: '<html>'"),
        (
            b"302 Found\r\nLocation: http://127.0.0.1:9/x\r\nContent-Length: 0\r\n\r\n",
            "answered 302 and leads to http://127.0.0.1:9/x, where nobody was asked",
        ),
        (b"404 Not Found\r\nContent-Length: 2\r\n\r\n{}", "answered 404; wanted 200 with a status"),
        (b"503 Oops\r\nContent-Length: 0\r\n\r\n", "answered 503"),
        (b"204 No Content\r\n\r\n", "answered 204; wanted 200"),
        (
            b'200 OK\r\nContent-Length: 10485800\r\n\r\n{"status": {"indicator": "none", "description": "'
            + b"x" * 10_485_760,
            "answered more than 2097152 bytes",
        ),
    ],
)
def test_what_answers_in_the_place_of_a_status_page(answer: bytes, said: str) -> None:
    """Each is one clear line, and says nothing of the service."""
    with RawServer(saying(b"HTTP/1.1 " + answer)) as server, pytest.raises(CouldNotLook) as caught:
        read_status_page("Discord's status page", server.url)

    assert said in caught.value.message
    assert "\n" not in caught.value.message


def test_a_status_page_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time is counted as a whole, not from byte to byte."""
    monkeypatch.setattr("backstop.observe.status_page.LIMITS", Limits(total=0.5, connect=0.5))
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"

    with RawServer(dripping(head)) as server, pytest.raises(CouldNotLook, match="timed out"):
        read_status_page("Discord's status page", server.url)
