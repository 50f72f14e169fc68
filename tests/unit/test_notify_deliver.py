"""A message on its way: what is tried again and what never, and that no channel takes more than its time."""

from __future__ import annotations

import json
import socket

import pytest

from backstop.notify.deliver import Delivered, Delivery
from backstop.notify.notifier import Known, Notifier, Taken
from backstop.notify.occasion import Occasion
from tests.unit.fakeclock import FakeClock
from tests.unit.loopback import RawServer, api, read_request, saying
from tests.unit.telling import HOOK, KEY, WEBHOOK, discord, letter, slack, statuspage

POST = f"POST {HOOK}"
POST_DISCORD = f"POST {WEBHOOK}?wait=true"
PATCH_DISCORD = f"PATCH {WEBHOOK}/messages/7"
POST_PAGE, PATCH_PAGE = "POST /pages/p1/incidents", "PATCH /pages/p1/incidents/abc"
SEEK_PAGE = "GET /pages/p1/incidents?limit=10"
KNOWN = Known("run", "7", under_way=True)


def _made(notifier: Notifier, known: Known | None = None, seconds: float = 10.0) -> Delivered:
    return Delivery(notifier, letter(), known, seconds, FakeClock()).make()


def _raw(*pieces: bytes) -> RawServer:
    return RawServer(saying(*pieces))


def _silent(connection: socket.socket) -> None:
    """Read all that comes, and never answer."""
    while connection.recv(65536):
        pass


def test_slack_takes_a_message() -> None:
    """Once, as JSON."""
    with api({POST: (200, b"ok")}) as service:
        found = _made(slack(service.url))

    assert (Taken("posted"), "posted", 1) == (found.taken, found.answer, found.attempts)
    assert ["title"] == [json.loads(body)["blocks"][0]["text"]["text"] for _, body in service.seen]


def test_discord_takes_a_message_and_changes_it() -> None:
    """The id of the first is the address of the second."""
    with api({POST_DISCORD: (200, {"id": "7"}), PATCH_DISCORD: (200, {"id": "7"})}) as service:
        first = _made(discord(service.url))
        second = _made(discord(service.url), Known("run", "7", under_way=True))

    assert (Taken("posted", "7"), Taken("updated", "7")) == (first.taken, second.taken)
    assert [POST_DISCORD, PATCH_DISCORD] == service.asked
    assert service.seen[0][0]["user-agent"].startswith("DiscordBot (")


def test_statuspage_takes_an_incident_and_its_update() -> None:
    """With the key; whether mails go out is said each time."""
    with api({POST_PAGE: (201, {"id": "abc"}), PATCH_PAGE: (200, {"id": "abc"})}) as service:
        first, second = _made(statuspage(service.url)), _made(statuspage(service.url), Known("run", "abc"))

    assert (Taken("posted", "abc"), Taken("updated", "abc")) == (first.taken, second.taken)
    assert {f"OAuth {KEY}"} == {headers["authorization"] for headers, _ in service.seen}
    sent = [json.loads(body)["incident"] for _, body in service.seen]
    assert [True, True] == [each["deliver_notifications"] for each in sent]
    assert ["minor", None] == [each.get("impact_override") for each in sent]


@pytest.mark.parametrize(
    ("status", "word", "said"),
    [
        (404, "no_service", "the webhook is gone (404 no_service)"),
        (404, "channel_not_found", "the webhook's channel was deleted"),
        (403, "action_prohibited", "an administrator forbids"),
        (403, "invalid_token", "the end of the webhook's URL is not right"),
        (410, "channel_is_archived", "archived (410 channel_is_archived)"),
        (400, "invalid_blocks", "Slack could not read the message"),
        (401, "", "Slack refused it (401)"),
        (404, "<html>nothing</html>", "Slack refused it (404)"),
    ],
)
def test_what_slack_refuses_is_not_sent_again(status: int, word: str, said: str) -> None:
    """It would be refused again."""
    with api({POST: (status, word.encode())}) as service:
        found = _made(slack(service.url))

    assert (None, 1, [POST]) == (found.taken, found.attempts, service.asked)
    assert said in found.answer
    assert HOOK[-12:] not in found.answer


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, {"code": 10015, "message": "Unknown Webhook"}, "the webhook is gone (404, code 10015)"),
        (401, {"code": 50027, "message": "Invalid Webhook Token"}, "the end of the webhook's URL"),
        (400, {"code": 50035, "message": "Invalid Form Body"}, "the message's form (400, code 50035)"),
        (403, {"code": 0}, "Discord refused it (403)"),
        (404, b"<html>", "Discord refused it (404)"),
        (200, {"name": "no message"}, "something else answers in the place of Discord"),
        (204, b"", "Discord refused it (204)"),
    ],
)
def test_what_discord_refuses_is_not_sent_again(status: int, body: object, said: str) -> None:
    """In our words, with its code."""
    with api({POST_DISCORD: (status, body)}) as service:
        found = _made(discord(service.url))

    assert (None, 1, [POST_DISCORD]) == (found.taken, found.attempts, service.asked)
    assert said in found.answer
    assert WEBHOOK[-12:] not in found.answer


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (401, {"error": "Could not authenticate"}, "does not take the API key (401)"),
        (404, {"error": "Not found"}, "does not have the page or the component (404)"),
        (422, {"error": ["Name can't be blank"]}, "Statuspage refused it (422)"),
        (400, {"error": "Bad request"}, "could not read the message (400)"),
    ],
)
def test_what_statuspage_refuses_is_not_sent_again(status: int, body: object, said: str) -> None:
    """Its own words may hold anything, and are not passed on."""
    with api({POST_PAGE: (status, body)}) as service:
        found = _made(statuspage(service.url))

    assert (None, 1) == (found.taken, found.attempts)
    assert said in found.answer


@pytest.mark.parametrize(("status", "wait"), [(429, "2"), (420, "2"), (503, "2")])
def test_a_channel_that_is_busy_is_told_when_it_says(status: int, wait: str) -> None:
    """After as many seconds as it names."""
    clock = FakeClock()
    with api({POST: (status, b"rate_limited")}) as service:
        service.headers["Retry-After"] = wait
        found = Delivery(slack(service.url), letter(), None, 10.0, clock).make()

    assert None is found.taken
    assert 4 == found.attempts == len(service.asked)
    assert [2.0, 2.0, 2.0] == clock.pauses


def test_a_channel_that_wants_more_patience_than_there_is() -> None:
    """Is asked once, and that is said."""
    clock = FakeClock()
    with api({POST: (429, b"")}) as service:
        service.headers["Retry-After"] = "60"
        found = Delivery(slack(service.url), letter(), None, 10.0, clock).make()

    assert ([], 1) == (clock.pauses, found.attempts)
    assert "wants 60 s of patience: there was no time for another try" in found.answer


def test_an_update_of_a_service_out_of_order_is_tried_again() -> None:
    """A few times, with pauses that grow."""
    clock = FakeClock()
    with api({PATCH_DISCORD: (502, b"<html>")}) as service:
        found = Delivery(discord(service.url), letter(), KNOWN, 10.0, clock).make()

    assert [0.5, 1.0, 2.0] == clock.pauses
    assert "Discord is out of order (502)" == found.answer
    assert 4 == len(service.asked)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
def test_a_new_message_that_a_service_out_of_order_may_have_taken_is_not_repeated(status: int) -> None:
    """What stands behind the answer may have posted it: once at most, and that is said."""
    with api(dict.fromkeys((POST, POST_DISCORD, POST_PAGE), (status, b"<html>"))) as service:
        found = [_made(make(service.url)) for make in (slack, discord, statuspage)]

    assert [POST, POST_DISCORD, POST_PAGE, *[SEEK_PAGE] * 3] == service.asked
    assert [(None, True)] * 3 == [(each.taken, each.perhaps) for each in found]
    assert f"Slack is out of order ({status}); it may have been posted all the same" == found[0].answer


@pytest.mark.parametrize(
    ("header", "body", "pauses"),
    [
        ("", {"retry_after": 1.337, "global": False}, [1.337]),
        ("1", {"retry_after": 1.337}, [1.337]),
        ("2", {"retry_after": 1.337}, [2.0]),
        ("", {"retry_after": 0}, [0.0]),
        ("", {"retry_after": -3}, [0.0]),
        ("", {"retry_after": "1.5"}, [0.5]),
        ("", {"retry_after": True}, [0.5]),
        ("", b'{"retry_after": NaN}', [0.5]),
        ("", b"<html>", [0.5]),
        ("", {"retry_after": 60.5}, []),
        ("", {"retry_after": 1e300}, []),
        ("", b'{"retry_after": 1' + b"0" * 400 + b"}", []),
    ],
)
def test_the_wait_that_discord_names_in_its_json(header: str, body: object, pauses: list[float]) -> None:
    """To the millisecond, the longer of the two where a header rounds it; never longer than there is time."""
    clock = FakeClock()
    with api({POST_DISCORD: (429, body)}) as service:
        service.headers |= {"Retry-After": header} if header else {}
        found = Delivery(discord(service.url), letter(), None, 10.0, clock).make()

    assert pauses == clock.pauses[:1]
    assert not found.perhaps
    assert pauses or "there was no time for another try" in found.answer
    assert len(found.answer) < 200


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    """The payload goes to the host that the team has named, and to no other."""
    with api({}) as other, api({POST: (status, b"")}) as service:
        service.headers["Location"] = f"{other.url}/elsewhere"
        found = _made(slack(service.url))

    assert [] == other.asked
    assert 1 == found.attempts
    assert f"Slack redirects to 127.0.0.1 ({status}): nothing was sent there" in found.answer


def test_a_page_in_the_place_of_an_answer() -> None:
    """Of somebody else's: 200 alone is no proof."""
    page = b"<html>Sign in</html>"
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 20\r\n\r\n" + page
    with _raw(answer) as server:
        found = _made(slack(server.url))

    assert None is found.taken
    assert "something else answers in the place of Slack: 200 with text/html" in found.answer


def test_an_answer_of_ten_megabytes() -> None:
    """Only its beginning is read."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10485760\r\n\r\n"
    with _raw(head, b"x" * 10_485_760) as server:
        found = _made(discord(server.url))

    assert None is found.taken
    assert "more than 64 kB" in found.answer


def test_a_new_message_that_may_have_arrived_is_not_repeated() -> None:
    """There was no answer in time: two of them would be worse than none."""
    with RawServer(_silent) as server:
        found = Delivery(slack(server.url), letter(), None, 0.5).make()

    assert (None, 1, 1) == (found.taken, found.attempts, server.connections)
    assert "no answer (timed out); it may have been posted all the same" == found.answer
    assert found.perhaps


def test_an_update_that_may_have_arrived_is_repeated() -> None:
    """It is the same one twice."""

    def hang_up(connection: socket.socket) -> None:
        read_request(connection)

    with RawServer(hang_up) as server:
        found = _made(discord(server.url), KNOWN)

    assert (None, 4, 4) == (found.taken, found.attempts, server.connections)
    assert "no answer (connection reset)" == found.answer


def test_nobody_listens_there() -> None:
    """It was certainly not posted, so it is tried again."""
    found = _made(slack("http://127.0.0.1:9"))

    assert (4, False) == (found.attempts, found.perhaps)
    assert "no answer (connection refused)" == found.answer


def test_a_message_that_was_deleted_is_posted_anew() -> None:
    """Somebody has removed it; the webhook is still there."""
    gone = (404, {"code": 10008, "message": "Unknown Message"})
    with api({PATCH_DISCORD: gone, POST_DISCORD: (200, {"id": "8"})}) as service:
        found = _made(discord(service.url), KNOWN)

    assert (Taken("posted", "8"), 2) == (found.taken, found.attempts)


def test_an_incident_that_was_deleted_is_begun_anew() -> None:
    """Where the page itself is gone, that is what is said, and once."""
    gone = (404, {"error": "Not found"})
    with api({PATCH_PAGE: gone, POST_PAGE: (201, {"id": "new"})}) as service:
        there = _made(statuspage(service.url), Known("run", "abc"))
    with api({PATCH_PAGE: gone, POST_PAGE: gone}) as service:
        nowhere = _made(statuspage(service.url), Known("run", "abc"))

    assert Taken("posted", "new") == there.taken
    assert (None, 2) == (nowhere.taken, nowhere.attempts)


def test_without_time_nothing_is_asked() -> None:
    """The session has ended."""
    with api({POST: (200, b"ok")}) as service:
        found = _made(slack(service.url), seconds=0.0)

    assert (None, 0, []) == (found.taken, found.attempts, service.asked)


def test_a_new_incident_is_a_new_message_where_the_old_one_is_over() -> None:
    """Nobody sees an old message change; an incident that goes on is updated."""
    quiet = Known("run", "7")

    assert "POST" == discord("http://x").request(letter(), quiet).method
    assert "PATCH" == discord("http://x").request(letter(Occasion.COMPLETED), quiet).method
    assert "PATCH" == discord("http://x").request(letter(), Known("run", "7", alerts=("health",))).method
