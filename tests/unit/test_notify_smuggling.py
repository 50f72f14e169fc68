"""Nothing gets into a message that acts there: no mention, no link, no form. The doubles are the judges."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstop.journal.events import AlertChanged
from backstop.model.severity import Severity
from backstop.model.target import Secret
from backstop.notify.notifier import Known, Letter, Notifier
from backstop.notify.occasion import Occasion
from backstop.notify.story import Backdrop, story
from backstop.notify.texts import Texts
from backstop.redaction import REDACTOR
from sandbox.channels.incidents import begun, changed
from sandbox.channels.slack_form import acts as slack_acts
from sandbox.channels.slack_form import unfit
from sandbox.discord.announcement import acts as discord_acts
from sandbox.discord.announcement import check_form
from sandbox.discord.bodies import check_content
from tests.unit.telling import KEY, ended, rolled_back, slack, statuspage
from tests.unit.telling import discord as discord_at

SECRET = Secret("PASSWORD", "k9Jq-3ZfT0pWm2Xc7Rb")
BASE = "http://127.0.0.1:9"
OCCASIONS = (Occasion.INITIATED, Occasion.COMPLETED, Occasion.FAILED, Occasion.ALERT_RAISED)

_PIECES = (
    *("<!channel>", "<!here>", "<!everyone>", "<@U024BE7LH>", "<#C024BE7LR>", "<!subteam^S0614TZR7>"),
    *("@everyone", "@here", "<@80351110224678912>", "<@&165511591545143296>", "<#103735883630395392>"),
    *("<t:1618953630:R>", "</register:816437322781949972>", "<https://evil.example|the report>"),
    *(
        "[the report](https://evil.example/)",
        "https://evil.example/x",
        "HTTPS://evil.example",
        "discord://-/x",
    ),
    *(
        "<script>alert(1)</script>",
        "{{ run }}",
        "{% raw %}",
        "{{ ''.__class__ }}",
        "&lt;!channel&gt;",
        "&amp;",
    ),
    *(
        "*bold*",
        "`code`",
        "```",
        "\\",
        "\\\\",
        "~~",
        "||",
        "> ",
        "# ",
        "\n",
        "\r\n",
        "\u2028",
        "\x00",
        "\x1b[31m",
    ),
    *(
        "\u202e",
        "\u200b",
        "@\u200beveryone",
        "<\u200b!channel>",
        "\ud800",
        "👩\u200d🚒",
        "ﬁ",
        '"',
        "'",
        "}",
        "]",
        "<",
    ),
    SECRET.value,
)
hostile = st.lists(st.sampled_from(_PIECES) | st.text(max_size=20), max_size=12).map("".join)
long = st.sampled_from(_PIECES).flatmap(lambda piece: st.just(piece * 2_000)) | hostile


@pytest.fixture(scope="module", autouse=True)
def _secret_is_known() -> None:
    """As it is once it was read."""
    REDACTOR.register(SECRET.name, SECRET.value)


def _sent(notifier: Notifier, occasion: Occasion, reason: str, message: str, known: Known | None) -> Any:
    """The body of the request that tells of a rollback with these texts in it."""
    alert = AlertChanged(reason, "raised", "critical", message, "", 3) if "alert" in occasion.value else None
    records = ended(rolled_back(reason, message, outcome="fail"))
    told = story(records, occasion, Backdrop(message, (f"/{reason}",)), alert)
    words = Texts().words(notifier.name, occasion, told)
    assert words is not None
    return json.loads(notifier.request(Letter(occasion, words, Severity.HIGH), known).body)


@given(reason=long, message=long, occasion=st.sampled_from(OCCASIONS))
@settings(max_examples=60)
def test_nothing_acts_in_slack(reason: str, message: str, occasion: Occasion) -> None:
    """Slack takes the message, calls nobody, and makes no link."""
    body = json.dumps(_sent(slack(BASE), occasion, reason, message, None))

    assert "" == unfit(body)
    assert [] == slack_acts(body)
    assert SECRET.value not in body


@given(reason=long, message=long, occasion=st.sampled_from(OCCASIONS))
@settings(max_examples=60)
def test_nothing_acts_in_discord(reason: str, message: str, occasion: Occasion) -> None:
    """Discord takes the message, calls nobody, and makes no link, time or mention of anything."""
    body = _sent(discord_at(BASE), occasion, reason, message, None)

    check_content(body["content"])
    check_form(body)
    assert [] == discord_acts(body)
    assert {"parse": []} == body["allowed_mentions"]
    assert SECRET.value not in json.dumps(body)


@given(reason=long, message=long, occasion=st.sampled_from(OCCASIONS))
@settings(max_examples=60)
def test_nothing_acts_on_the_status_page(reason: str, message: str, occasion: Occasion) -> None:
    """Statuspage takes the incident and its update; there is nothing in it that a browser would obey."""
    body = _sent(statuspage(BASE), occasion, reason, message, None)
    update = _sent(statuspage(BASE), occasion, reason, message, Known("r", "abc"))

    changed(begun(body["incident"], "c1"), update["incident"], "c1")
    shown = body["incident"]["name"] + body["incident"]["body"]
    assert not {"<", ">"} & set(shown)
    assert "](" not in shown
    assert SECRET.value not in shown


@given(reason=hostile)
@settings(max_examples=40)
def test_a_team_s_template_is_no_way_in_either(tmp_path_factory: pytest.TempPathFactory, reason: str) -> None:
    """Whatever filter it puts a value through."""
    folder = tmp_path_factory.mktemp("templates", numbered=True)
    filtered = "{{ reason | safe }} {{ reason | upper }} {{ [reason, by] | join('<') }} {{ reason ~ by }}"
    text = f"{{{{ reason }}}}\n\n{filtered}"
    (folder / "slack.j2").write_text(text)
    (folder / "discord.j2").write_text(text)
    told = story(rolled_back(f"x{reason}"), Occasion.INITIATED, Backdrop())

    for notifier, judge in ((slack(BASE), slack_acts), (discord_at(BASE), None)):
        words = Texts(folder, pytest.fail).words(notifier.name, Occasion.INITIATED, told)
        assert words is not None
        body = notifier.request(Letter(Occasion.INITIATED, words), None).body.decode()
        assert [] == (judge(body) if judge else discord_acts(json.loads(body)))


@pytest.mark.parametrize(
    ("piece", "acting"),
    [
        ("<!channel>", True),
        ("https://evil.example", False),
        ("<https://evil.example|x>", True),
        ("plain", False),
    ],
)
def test_the_judge_of_slack_sees_what_acts(piece: str, acting: bool) -> None:
    """Unescaped, the same pieces do act; where nothing is parsed besides, a bare address does not."""
    body = {"text": "x", "blocks": [{"type": "section", "text": _mrkdwn(piece, verbatim=True)}]}
    loose = {"text": "x", "blocks": [{"type": "section", "text": _mrkdwn(piece, verbatim=False)}]}

    assert acting == bool(slack_acts(json.dumps(body)))
    assert (piece != "plain") == bool(slack_acts(json.dumps(loose)))


def _mrkdwn(text: str, *, verbatim: bool) -> dict[str, object]:
    return {"type": "mrkdwn", "text": text, "verbatim": verbatim}


@pytest.mark.parametrize(
    "piece",
    [
        "<@80351110224678912>",
        "<#103735883630395392>",
        "<t:1:R>",
        "[x](https://evil.example/)",
        "https://e.example",
    ],
)
def test_the_judge_of_discord_sees_what_acts(piece: str) -> None:
    """Unescaped, the same pieces do act, and everybody is called unless that is forbidden."""
    forbidden: dict[str, object] = {"allowed_mentions": {"parse": []}}

    assert discord_acts({"content": piece, **forbidden})
    assert discord_acts({"content": "@everyone"})
    assert [] == discord_acts({"content": "@everyone", **forbidden})


def test_addresses_and_keys_are_in_no_body() -> None:
    """What gives access stands in the address or in a header, and nowhere else."""
    for notifier in (slack(BASE), discord_at(BASE), statuspage(BASE)):
        body = json.dumps(_sent(notifier, Occasion.INITIATED, "x", "y", None))

        assert not [part for part in (KEY, "k3J9sQ") if part in body]
        assert notifier.name in {"slack", "discord", "statuspage"}
        assert urlsplit(BASE).netloc not in body
