"""What a health answer says, read without trusting it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backstop.model.http import Answer, Exchange, Request, Timing
from backstop.model.target import HealthExpectation
from backstop.observe.freshness import age_header, age_of, stuck
from backstop.observe.health_said import unlike_the_others
from backstop.observe.moment import read_moment
from backstop.observe.preflight import STRANGER, openness_fault, preflight_fault
from backstop.observe.shown_version import versions_shown
from backstop.observe.subchecks import SubChecks, read_parts, read_subchecks
from backstop.observe.wording import says

ID = "71570803-d6b0-4a51-b97f-42fadb8da7e1"
OTHER = "190f9b47-003b-4860-b1c5-cd75d8818148"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ALLOW = "Access-Control-Allow-Origin"


def _answer(status: int = 200, **headers: str) -> Answer:
    return Answer(status, tuple((name.replace("_", "-"), value) for name, value in headers.items()), b"")


@pytest.mark.parametrize(
    ("value", "step"),
    [
        ("2026-11-24T12:00:00.000Z", 0.001),
        ("2026-11-24T12:00:00.000000+00:00", 0.001),
        ("2026-11-24T13:00:00+01:00", 1.0),
        (NOON.timestamp(), 1.0),
        (NOON.timestamp() * 1000, 0.001),
        ("Tue, 24 Nov 2026 12:00:00 GMT", 1.0),
        (f"{NOON.timestamp():.0f}", 1.0),
        (f"{NOON.timestamp() * 1000:.0f}", 0.001),
        ("2026-11-24T12:00:00.000000", 0.001),
        ("2026-11-24 12:00:00", 1.0),
        ("2026-11-24T12:00Z", 60.0),
        ("Tue Nov 24 2026 13:00:00 GMT+0100 (Central European Standard Time)", 1.0),
    ],
)
def test_a_time_is_read_in_every_usual_form(value: object, step: float) -> None:
    """ISO 8601, seconds, milliseconds, JavaScript's two; and how finely it is shown."""
    found = read_moment(value)

    assert found is not None
    assert (NOON, step) == (found.at.astimezone(UTC), found.step)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-24",
        "20261124",
        "12",
        "Tue Nov 24 2026",
        "Tue, 24 Foo 2026 12:00:00 GMT",
        "Tue, 31 Feb 2026 12:00:00 GMT",
        "",
        None,
        True,
        [],
        1e300,
        float("nan"),
        float("inf"),
    ],
)
def test_what_is_no_moment_is_none(value: object) -> None:
    """A day alone is none, and neither is what no calendar has."""
    assert read_moment(value) is None


@pytest.mark.parametrize(
    ("statuses", "bodies", "unlike"),
    [
        ((200, 200), (b'{"ok": true}', b'{"ok": true}'), 0),
        ((200, 200), (b'{"ok": true}', b'{"ok": false}'), 1),
        ((200, 404), (b'{"ok": true}', b""), 1),
        ((200, 503), (b'{"ok": true}', b'{"ok": false}'), 0),
        ((200, 200), (b'{"ok": false}', b'{"ok": false}'), 0),
        ((404, 404), (b"", b""), 0),
    ],
)
def test_an_answer_that_differs_from_the_others_is_counted(
    statuses: tuple[int, ...], bodies: tuple[bytes, ...], unlike: int
) -> None:
    """An error is counted as one, and a bot that is not well at all is another finding."""
    health = HealthExpectation("/", json=(("ok", True),))
    sent = [
        Exchange(Request("GET", "/"), Answer(status, (), body), Timing(0.1), NOON)
        for status, body in zip(statuses, bodies, strict=True)
    ]

    assert unlike == unlike_the_others(sent, health)


def test_a_fine_stamp_that_does_not_move_is_stuck_at_once() -> None:
    """Nobody has to wait for it."""
    stamp = "2026-11-24T12:00:00.123Z"

    assert stuck(stamp, stamp, lambda: pytest.fail("asked again"))
    assert not stuck(stamp, "2026-11-24T12:00:00.124Z", lambda: pytest.fail("asked again"))


def test_a_coarse_stamp_gets_a_second_chance() -> None:
    """Two requests within one second may well be alike."""
    stamp = "2026-11-24T12:00:00Z"

    assert stuck(stamp, stamp, lambda: stamp)
    assert not stuck(stamp, stamp, lambda: "2026-11-24T12:00:01Z")


def test_of_a_stamp_without_seconds_nothing_can_be_told() -> None:
    """Nobody waits a minute for it to move."""
    assert not stuck("2026-11-24T12:00Z", "2026-11-24T12:00Z", lambda: pytest.fail("asked again"))


def test_a_cache_gives_itself_away() -> None:
    """By its age or by Cloudflare's word for it."""
    assert "Age: 5" == age_header(_answer(Age="5"))
    assert "CF-Cache-Status: HIT" == age_header(_answer(cf_cache_status="hit"))
    for fresh in (_answer(), _answer(Age="0"), _answer(cf_cache_status="DYNAMIC"), _answer(Age="old")):
        assert not age_header(fresh)


@pytest.mark.parametrize(
    "value",
    [
        *("ok", "Healthy", True, {"status": "up"}, {"ok": True}, {"status": 200}, 12, 0),
        *("OK!", "ok (3 ms)", "up, 1.5s", "active", "200 OK", {"status": "reachable", "latency": "3 ms"}),
    ],
)
def test_a_part_that_is_well(value: object) -> None:
    """In the words that people use; a number is a measure."""
    found = read_subchecks({"database": value})

    assert ((), ()) == (found.unwell, found.unclear)


@pytest.mark.parametrize(
    "value", ["timed out", "missing", False, {"status": "down"}, {"ok": False}, "timeout (5000 ms)", "down!"]
)
def test_a_part_that_is_not_well(value: object) -> None:
    """It is named, with what it says."""
    assert (f"database: {value}",) == read_subchecks({"database": value, "other": "ok"}).unwell


@pytest.mark.parametrize(
    ("health", "unwell"),
    [
        ({"services": {"kv": "down", "discord": "ok"}}, "kv"),
        ({"checks": [{"name": "kv", "status": "fail"}, {"status": "pass"}]}, "kv"),
        ({"checks": {"kv:time": [{"status": "warn", "observedValue": 3}]}}, "kv:time"),
        ({"dependencies": {"discord": {"token": "missing", "api": "ok"}}}, "discord"),
        ({"checks": {"a": "ok"}, "components": {"b": False}}, "b"),
        ({"components": [{"state": "up"}, {"state": "down"}, 7]}, "number 2"),
        ({"services": [{"name": "kv", "status": "down"}, {"name": "kv", "status": "up"}]}, "kv"),
        ({"services": [{"name": "kv", "status": "up"}, {"name": "kv", "status": "down"}]}, "kv, number 2"),
        ({"services": {"kv": {"status": "weird", "healthy": False}}}, "kv"),
        ({"services": {"kv": {"status": 200, "ok": False}}}, "kv"),
        ({"services": {"kv": {"status": 503}}}, "kv"),
    ],
)
def test_parts_are_read_wherever_they_are_listed(health: dict[str, object], unwell: str) -> None:
    """Under the usual names, in an object or a list, and parts within parts."""
    found = read_parts(health)

    assert found is not None
    assert [True] == [part.startswith(f"{unwell}: ") for part in found.unwell]


@pytest.mark.parametrize("health", [{}, {"checks": {}}, {"checks": 7}, {"services": []}, {"status": "ok"}])
def test_where_no_parts_are_listed_nothing_is_said(health: dict[str, object]) -> None:
    """That is no verdict."""
    assert read_parts(health) is None


def test_only_checks_must_say_that_they_are_well() -> None:
    """What else is listed may be of another kind: a place, a number, a switch within a part."""
    parts = {"region": "weur", "queue": {"depth": 3, "paused": False}, "log": [{"level": "info"}]}

    assert SubChecks((), ()) == read_parts({"services": parts})
    assert SubChecks((), ("region: weur",)) == read_parts({"checks": {"region": "weur"}})


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("ok\n", "ok", True),
        ("OK", "ok", False),
        ("all is well, 17 guilds", "all is well", True),
        ("👋 1000", "👋", True),
        ("anything", "", True),
        ("token missing", "ok", False),
        ("unhealthy", "healthy", False),
        ("not ok", "ok", False),
        ("Not ok", "ok", False),
        ("", "ok", False),
    ],
)
def test_a_text_says_whole_words(text: str, words: str, said: bool) -> None:
    """Two letters stand in many words, and what is denied is not said."""
    assert said is says(text, words)


@pytest.mark.parametrize("value", ["eu-west", None, [], {"latency": 3}, ""])
def test_a_part_that_nobody_can_tell(value: object) -> None:
    """It is neither well nor ill."""
    found = read_subchecks({"region": value})

    assert ((), (f"region: {value}",)) == (found.unwell, found.unclear)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"version": ID}, (ID,)),
        ({"versionId": ID.upper()}, (ID,)),
        ({"version": {"id": ID, "tag": "v1"}}, (ID,)),
        ({"meta": {"worker_version": ID}}, (ID,)),
        ({"version": ID, "meta": {"version": OTHER}}, (ID, OTHER)),
        ({"version": "1.2.3"}, ()),
        ({"request_id": ID}, ()),
        ({}, ()),
    ],
)
def test_versions_are_read_where_they_are_named_so(
    body: dict[str, object], expected: tuple[str, ...]
) -> None:
    """An id of anything else is left alone."""
    assert expected == versions_shown(body)


def test_a_preflight_must_fit_the_answers() -> None:
    """Where pages are let in the preflight says so too, and only there."""
    plain, open_to_one = _answer(), Answer(200, ((ALLOW, "https://a.example"),), b"")

    assert not preflight_fault(plain, plain)
    assert not preflight_fault(open_to_one, Answer(204, open_to_one.headers, b""))
    for preflight in (_answer(405), _answer(204), _answer(404)):
        assert not preflight_fault(Answer(200, ((ALLOW, "*"),), b""), preflight)
    assert "405" in preflight_fault(open_to_one, _answer(405))
    assert "nobody" in preflight_fault(open_to_one, _answer(204))
    assert "no answer does" in preflight_fault(plain, open_to_one)


def test_strangers_are_kept_out() -> None:
    """No page has business with interactions, and none with somebody's credentials."""
    plain, anybody = _answer(), Answer(401, ((ALLOW, "*"),), b"")
    credentials = ("Access-Control-Allow-Credentials", "true")

    assert not openness_fault(plain, anybody)
    assert "interactions" in openness_fault(anybody)
    assert "credentials" in openness_fault(plain, Answer(200, ((ALLOW, STRANGER), credentials), b""))


@pytest.mark.parametrize(("made", "age"), [(0.0, 0.5), (-300.0, 300.5), (90.0, -89.5)])
def test_a_stamp_is_as_old_as_it_was_when_its_answer_came(made: float, age: float) -> None:
    """However long other requests of the look wait for their turn before somebody reads it."""
    exchange = Exchange(Request("GET", "/"), _answer(), Timing(0.5), NOON)

    assert age == age_of(NOON + timedelta(seconds=made), exchange)
