"""What each channel's answer proves, and what of it remains open."""

from __future__ import annotations

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.target import Channels, Secret, Statuspage, Webhook
from backstop.observe.readiness.channels import reachable
from backstop.observe.readiness.finding import Lacking
from tests.unit.loopback import Canned, RawServer, api, saying

HOOK = "/services/T1/B1/k3J9sQ0wLm3N5pR7tV9yB2dF"
POST = f"POST {HOOK}"
WEBHOOK = "/webhooks/1300000000000000001/k3J9sQ-0wLm3N5pR7tV9yB2dF"
GET = f"GET {WEBHOOK}"
RECORD = {"id": "1300000000000000001", "type": 1, "name": "Status", "channel_id": "7", "guild_id": "8"}
PAGE, COMPONENT = "GET /pages/p1", "GET /pages/p1/components/c1"
KEY = "89a229ce1a8dbcf9ff30430fbe35eb4c"


def _slack(url: str) -> Channels:
    return Channels(slack=Webhook("SLACK", Secret("SLACK", url + HOOK)))


def _discord(url: str) -> Channels:
    return Channels(discord=Webhook("DISCORD", Secret("DISCORD", url + WEBHOOK)))


def _page(url: str) -> Channels:
    return Channels(statuspage=Statuspage("p1", "c1", "KEY", Secret("KEY", KEY), url))


@pytest.mark.parametrize("word", ["no_text", "missing_text_or_fallback_or_attachments"])
def test_slack_knows_the_webhook(word: str) -> None:
    """It was asked with what has nothing to post, once."""
    with api({POST: (400, word.encode())}) as slack:
        found = reachable(_slack(slack.url))

    assert f"Slack: the webhook is known (400 {word}: nothing was posted)" == found.how
    assert [b"{}"] == [body for _, body in slack.seen]
    assert "application/json" == slack.seen[0][0]["content-type"]


@pytest.mark.parametrize(
    ("status", "word", "remedy"),
    [
        (404, "no_service", "Add New Webhook to Workspace, and set its URL as SLACK"),
        (404, "no_active_hooks", "Add New Webhook to Workspace"),
        (404, "no_team", "Add New Webhook to Workspace"),
        (404, "channel_not_found", "Add New Webhook to Workspace"),
        (403, "invalid_token", "Webhook URL → Copy, and set it as SLACK"),
        (403, "action_prohibited", "ask an administrator"),
        (410, "channel_is_archived", "Unarchive"),
    ],
)
def test_slack_would_not_take_a_message(status: int, word: str, remedy: str) -> None:
    """With Slack's own word for it."""
    with api({POST: (status, word.encode())}) as slack, pytest.raises(Lacking) as caught:
        reachable(_slack(slack.url))

    assert f"({status} {word})" in caught.value.message
    assert remedy in caught.value.remedy
    assert HOOK[-12:] not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b"ok"), (200, b"<html>log in</html>"), (404, b"<html>"), (400, b"invalid_payload"), (302, b"")],
)
def test_an_answer_that_proves_nothing_of_slack(status: int, body: bytes) -> None:
    """A page of somebody else's, or a refusal that comes before the webhook is looked at."""
    with api({POST: (status, body)}) as slack, pytest.raises(CouldNotLook, match=f"answered {status}"):
        reachable(_slack(slack.url))


def test_discord_shows_the_webhook() -> None:
    """With the channel that it posts to; it is asked as Discord wants to be asked."""
    with api({GET: (200, RECORD)}) as discord:
        found = reachable(_discord(discord.url))

    assert "Discord: the webhook Status posts to channel 7" == found.how
    assert [GET] == discord.asked
    assert discord.seen[0][0]["user-agent"].startswith("DiscordBot (")


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (404, {"message": "Unknown Webhook", "code": 10015}, "New Webhook → Copy Webhook URL"),
        (401, {"message": "Invalid Webhook Token", "code": 50027}, "the webhook → Copy Webhook URL"),
    ],
)
def test_discord_has_no_such_webhook(status: int, body: object, words: str) -> None:
    """Gone, or pasted with another end."""
    with api({GET: (status, body)}) as discord, pytest.raises(Lacking) as caught:
        reachable(_discord(discord.url))

    assert f"Server Settings → Integrations → Webhooks → {words}" in caught.value.remedy
    assert WEBHOOK[-12:] not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b"<html>"),
        (200, b"[]"),
        (200, {**RECORD, "type": 3}),
        (403, {"message": "internal network error"}),
    ],
)
def test_an_answer_that_proves_nothing_of_discord(status: int, body: object) -> None:
    """Something else answers at that address."""
    with api({GET: (status, body)}) as discord, pytest.raises(CouldNotLook, match="the webhook's own record"):
        reachable(_discord(discord.url))


def _statuspage(**changed: tuple[int, object]) -> dict[str, tuple[int, object]]:
    names = {"page": PAGE, "component": COMPONENT}
    good: dict[str, tuple[int, object]] = {
        PAGE: (200, {"id": "p1", "name": "Bot"}),
        COMPONENT: (200, {"id": "c1", "name": "Commands"}),
    }
    return good | {names[name]: answer for name, answer in changed.items()}


def test_statuspage_has_page_and_component() -> None:
    """Both are read with the key, and nothing is written."""
    with api(_statuspage()) as statuspage:
        found = reachable(_page(statuspage.url))

    assert "Statuspage: the page Bot has the component Commands" == found.how
    assert [PAGE, COMPONENT] == statuspage.asked
    assert {f"OAuth {KEY}"} == {headers["authorization"] for headers, _ in statuspage.seen}


@pytest.mark.parametrize(
    ("answers", "message", "remedy"),
    [
        (_statuspage(page=(401, {"error": "Could not authenticate"})), "key is not taken (401)", "set KEY"),
        (_statuspage(page=(404, {"error": "Not found"})), "no page p1", "correct page"),
        (_statuspage(component=(404, {"error": "Not found"})), "no component c1", "correct component"),
    ],
)
def test_statuspage_lacks_something(
    answers: dict[str, tuple[int, object]], message: str, remedy: str
) -> None:
    """The key, the page or the component."""
    with api(answers) as statuspage, pytest.raises(Lacking) as caught:
        reachable(_page(statuspage.url))

    assert message in caught.value.message
    assert remedy in caught.value.remedy
    assert KEY[:8] not in str(caught.value)


@pytest.mark.parametrize(
    "answers",
    [
        _statuspage(page=(200, {"id": "another", "name": "Bot"})),
        _statuspage(page=(200, b"<html>")),
        _statuspage(component=(404, b"<html>")),
        _statuspage(page=(401, b"<html>")),
    ],
)
def test_an_answer_that_proves_nothing_of_statuspage(answers: dict[str, tuple[int, object]]) -> None:
    """Something else answers at that address."""
    with api(answers) as statuspage, pytest.raises(CouldNotLook, match="unknown way"):
        reachable(_page(statuspage.url))


@pytest.mark.parametrize("status", [420, 429])
def test_too_many_requests(status: int) -> None:
    """Nothing is known of the channel; it is not asked again at once."""
    with api({PAGE: (status, {"error": "slow down"})}) as statuspage:
        with pytest.raises(CouldNotLook, match="too many requests"):
            reachable(_page(statuspage.url))

        assert [PAGE] == statuspage.asked


def test_a_service_in_trouble() -> None:
    """What it may be is said, and that it may pass."""
    with api({GET: (503, b"")}) as discord:
        with pytest.raises(CouldNotLook, match="Discord answered 503") as caught:
            reachable(_discord(discord.url))

        assert [GET, GET] == discord.asked
    assert "status page" in caught.value.remedy


def test_silence() -> None:
    """A connection that is closed without an answer, twice."""
    with RawServer(saying()) as slack:
        with pytest.raises(CouldNotLook, match="Slack did not answer") as caught:
            reachable(_slack(slack.url))

        assert 2 == slack.connections
    assert HOOK[-12:] not in str(caught.value)


def _together(slack: Canned, page: Canned, webhook: Webhook) -> Channels:
    return Channels(_slack(slack.url).slack, webhook, _page(page.url).statuspage)


def test_what_is_lacking_for_certain_outweighs_what_is_open() -> None:
    """All channels are told of all the same, and each gap has its remedy."""
    with (
        api({POST: (410, b"channel_is_archived")}) as slack,
        api(_statuspage()) as page,
        pytest.raises(Lacking) as caught,
    ):
        reachable(_together(slack, page, Webhook("DISCORD", None)))

    said = caught.value.message
    assert "Slack: the webhook would not take a message: its channel is archived" in said
    assert "Discord: the webhook is not known: DISCORD is not set" in said
    assert "Statuspage: the page Bot has the component Commands" in said
    assert 2 == str(caught.value).count("\n→ ")


def test_what_nobody_has_set() -> None:
    """Nothing is asked of that service."""
    with pytest.raises(CouldNotLook, match="the API key is not known: KEY is not set") as caught:
        reachable(Channels(statuspage=Statuspage("p1", "c1", "KEY", None, "http://127.0.0.1:9")))

    assert "set KEY in the environment or in .env" == caught.value.remedy


def test_what_is_of_the_wrong_kind() -> None:
    """That is certain without asking anybody."""
    with pytest.raises(Lacking, match="Slack: what SLACK holds looks like a stone") as caught:
        reachable(Channels(slack=Webhook("SLACK", None, "looks like a stone")))

    assert "set SLACK anew" == caught.value.remedy
