"""Discord's REST API: what it answers, and every way in which it does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backstop.discord.api import DiscordApi, TokenRejected
from backstop.model.errors import CouldNotLook
from backstop.model.target import Secret, Target
from backstop.observe.looks import DiscordRejectsToken, Looks
from backstop.place import Place
from backstop.probes.control import ControlProbe
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober
from backstop.probes.rest import RateLimited
from tests.unit.fakeclock import FakeClock
from tests.unit.loopback import Canned, RawServer, api, stalling

TOKEN = Secret("DISCORD_TOKEN", "tok-en")
QUICK = Limits(total=0.3, connect=0.2)
ME = "GET /users/@me"


def _discord(canned: Canned) -> DiscordApi:
    return DiscordApi(canned.url, TOKEN, QUICK)


def test_reads_answer_what_discord_keeps() -> None:
    """With the token and a user agent of the form that Discord wants."""
    answers: dict[str, tuple[int, object]] = {
        ME: (200, {"id": "1", "username": "bot"}),
        "GET /applications/@me": (200, {"id": "2", "verify_key": "ab"}),
        "GET /applications/2/commands": (200, [{"id": "3", "name": "register"}]),
        "GET /applications/2/guilds/7/commands": (200, [{"id": "6", "name": "staff"}]),
        "GET /gateway/bot": (200, {"url": "wss://x", "session_start_limit": {"remaining": 9}}),
        "GET /channels/4/messages": (200, [{"id": "5", "content": "hello"}]),
    }
    with api(answers) as canned, _discord(canned) as discord:
        assert "bot" == discord.me()["username"]
        assert "ab" == discord.application()["verify_key"]
        assert "register" == discord.commands("2")[0]["name"]
        assert "staff" == discord.commands("2", "7")[0]["name"]
        assert 9 == discord.gateway()["session_start_limit"]["remaining"]
        assert "hello" == discord.messages("4")[0]["content"]
        assert list(answers) == canned.asked

    headers = canned.seen[0][0]
    assert "Bot tok-en" == headers["authorization"]
    assert headers["user-agent"].startswith("DiscordBot (")


def test_a_server_that_the_bot_is_not_in_says_what_to_do() -> None:
    """Discord words it the same for a wrong id."""
    missing = (403, {"message": "Missing Access", "code": 50001})
    with api({"GET /applications/2/guilds/7/commands": missing}) as canned, _discord(canned) as discord:
        with pytest.raises(CouldNotLook, match="Missing Access") as caught:
            discord.commands("2", "7")
        assert "applications.commands" in caught.value.remedy


def test_a_401_is_asked_once_and_never_again() -> None:
    """Invalid requests get an address banned, so one is enough."""
    with api({ME: (401, {"message": "401: Unauthorized", "code": 0})}) as canned, _discord(canned) as discord:
        for call in (discord.me, discord.application, discord.me):
            with pytest.raises(TokenRejected, match="DISCORD_TOKEN"):
                call()
        assert [ME] == canned.asked


def test_a_long_429_says_how_long_to_wait() -> None:
    """It is not waited for, and nothing is sent before its time."""
    with api({ME: (429, {"retry_after": 40})}) as canned, _discord(canned) as discord:
        canned.headers["Retry-After"] = "40"
        for _ in range(2):
            with pytest.raises(RateLimited, match=r"wait 40 s"):
                discord.me()
        assert 1 == discord.refused
    assert [ME] == canned.asked


def test_a_short_429_is_waited_for_and_asked_once_more() -> None:
    """As long as Discord says; a second 429 is an answer."""
    clock = FakeClock()
    with api({ME: (429, {"retry_after": 2.5})}) as canned:
        canned.headers["Retry-After"] = "2.5"
        with DiscordApi(canned.url, TOKEN, QUICK, clock) as discord:
            with pytest.raises(RateLimited, match=r"wait 2\.5 s") as caught:
                discord.me()
            assert 2 == discord.refused
    assert 2.5 == caught.value.retry_after
    assert [2.5] == clock.pauses
    assert [ME, ME] == canned.asked


def test_a_401_ends_it_for_all_stages_of_a_session() -> None:
    """A place and its client are one for the session; each stage looks anew."""
    target = Target("t", sandbox=True)
    asked = "GET /applications/@me"
    with (
        api({asked: (401, {"message": "401: Unauthorized"})}) as canned,
        _discord(canned) as discord,
        Prober(canned.url) as prober,
    ):
        place = Place(target, prober, ControlProbe(()), discord=discord)
        for look in (Looks(place), Looks(place)):
            with pytest.raises(DiscordRejectsToken):
                _ = look.application
            with pytest.raises(DiscordRejectsToken):
                look.registered("")
        assert [asked] == canned.asked
        assert 1 == discord.refused


@pytest.mark.parametrize(
    ("status", "content", "why"),
    [
        (200, b"<html>down for maintenance</html>", "no JSON"),
        (200, b'{"id": "1', "no JSON"),
        (200, b"\xff\xfe", "no JSON"),
        (200, b"[" * 100_000, "no JSON"),
        (200, b"", "wanted an object"),
        (200, [], "wanted an object"),
        (200, {"username": "no id"}, "wanted an object"),
        (200, {"id": "1", "x": "y" * 300_000}, "more than"),
        (403, {"message": "Missing Access", "code": 50001}, "403"),
        (404, {"message": "Unknown"}, "404"),
        (500, b"oops", "500"),
        (502, b"<html>bad gateway</html>", "502"),
    ],
)
def test_any_other_answer_is_no_look(status: int, content: object, why: str) -> None:
    """Nothing is read into it."""
    with (
        api({ME: (status, content)}) as canned,
        _discord(canned) as discord,
        pytest.raises(CouldNotLook, match=why) as caught,
    ):
        discord.me()
    assert not isinstance(caught.value, TokenRejected)


@pytest.mark.parametrize(
    "call", [lambda d: d.commands("2"), lambda d: d.messages("2")], ids=["commands", "messages"]
)
def test_lists_must_be_lists(call: Callable[[DiscordApi], object]) -> None:
    """An object where a list belongs is not iterated."""
    answers: dict[str, tuple[int, object]] = {
        "GET /applications/2/commands": (200, {"id": "1"}),
        "GET /channels/2/messages": (200, ["text"]),
    }
    with api(answers) as canned, _discord(canned) as discord, pytest.raises(CouldNotLook, match="wanted"):
        call(discord)


def test_silence_is_no_look_and_ends_in_time() -> None:
    """A server that never answers costs one time limit."""
    with RawServer(stalling) as server:
        discord = DiscordApi(server.url, TOKEN, QUICK)
        with discord, pytest.raises(CouldNotLook, match="timed out"):
            discord.me()


@pytest.mark.parametrize("member", ["verify_key", "interactions_endpoint_url"])
def test_an_application_with_odd_members_tells_nothing(member: str) -> None:
    """They are texts, or not there."""
    odd: object
    for odd in ([1], {"a": 1}, 5, False):
        answers: dict[str, tuple[int, object]] = {"GET /applications/@me": (200, {"id": "1", member: odd})}
        with (
            api(answers) as canned,
            DiscordApi(canned.url, Secret("t", "tok")) as discord,
            pytest.raises(CouldNotLook, match=member),
        ):
            discord.application()
