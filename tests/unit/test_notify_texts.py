"""The words that people are told: ours, a team's own, and ours again where a team's are broken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstop.journal.events import AlertChanged
from backstop.journal.record import Record
from backstop.model.target import Secret
from backstop.notify.occasion import Occasion
from backstop.notify.story import Backdrop, Story, story
from backstop.notify.texts import Texts, Words
from backstop.redaction import REDACTOR
from tests.unit.arbitrary import journals
from tests.unit.telling import NEW, ended, rolled_back

CHANNELS = ("slack", "discord", "statuspage")
BACKDROP = Backdrop("reports/x/report.html", ("/register", "/help"))
ALERT = AlertChanged("health", "raised", "critical", "503 in 3 looks", "2026-11-25T14:05:00Z", 3)


def _story(occasion: Occasion = Occasion.INITIATED, reason: str = "commands time out") -> Story:
    records = rolled_back(reason)
    whole = records if occasion in {Occasion.INITIATED, Occasion.ROLLED_BACK} else ended(records)
    whole = (*whole[:-1], replace(whole[-1], chain="ab12"))
    return story(whole, occasion, BACKDROP, ALERT if "alert" in occasion.value else None)


def _words(channel: str, occasion: Occasion = Occasion.INITIATED, reason: str = "commands time out") -> Words:
    found = Texts().words(channel, occasion, _story(occasion, reason))
    assert found is not None
    return found


def test_the_team_is_told_everything() -> None:
    """What happened, from where to where as people know it, why, by whom, and where the report is."""
    words = _words("slack")

    assert "🚨 prod: rollback initiated" == words.title
    for part in (
        "*Reason*: commands time out",
        "*Severity*: not assessed",
        "*From*: 71570803 v2.0.0 “Rewrite of /register”",
        "*To*: 6f1c2b0e v1.9.3 “Answer faster”",
        "*By*: ada",
        "*Worker*: beluga",
        "run 3acaa75a",
        "report: reports/x/report.html",
        "journal ab12",
    ):
        assert part in words.text


def test_the_team_is_told_how_it_ended() -> None:
    """With the verdict, and the time that it took."""
    words = _words("slack", Occasion.COMPLETED)

    assert "✅ prod: rolled back and verified" == words.title
    assert "VERIFIED" in words.text
    assert "*Took*: " in words.text


def test_users_are_told_what_it_means_to_them() -> None:
    """The procedure's notice, with the commands that they know and nothing that is the team's."""
    words = _words("discord")

    assert "🤖 **Bot Maintenance Notice**" == words.title
    assert "- /register, /help may be temporarily unavailable" in words.text
    assert "the beluga bot" in words.text
    assert not [part for part in ("ada", "commands time out", "report", NEW[:8]) if part in words.text]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("occasion", list(Occasion))
def test_there_are_words_for_every_occasion(channel: str, occasion: Occasion) -> None:
    """A title at least; only steps in between, and reminders, are not for everybody."""
    found = Texts().words(channel, occasion, _story(occasion))
    silent = {"rolled back", "alert reminded", "alert flapping"} if channel == "discord" else set()

    assert (occasion.value in silent) == (found is None)
    assert found is None or (found.title and "\n" not in found.title)


@given(records=journals, occasion=st.sampled_from(list(Occasion)))
@settings(max_examples=30)
def test_any_journal_can_be_told(records: tuple[Record, ...], occasion: Occasion) -> None:
    """However senseless: the same words each time."""
    told = story(records, occasion, BACKDROP, ALERT if "alert" in occasion.value else None)

    for channel in CHANNELS:
        assert Texts().words(channel, occasion, told) == Texts().words(channel, occasion, told)


@pytest.mark.parametrize("name", ["slack.j2", "slack-initiated.j2"])
def test_a_team_has_words_of_its_own(tmp_path: Path, name: str) -> None:
    """For all occasions or for one; values are escaped in them as in ours."""
    (tmp_path / name).write_text("<!here> {{ target }} is rolled back\n\nby {{ by }} for {{ reason }}\n")

    found = Texts(tmp_path).words("slack", Occasion.INITIATED, _story(reason="<!channel>"))

    assert found == Words("<!here> prod is rolled back", "by ada for &lt;!channel&gt;")


def test_the_words_of_one_occasion_leave_the_others_alone(tmp_path: Path) -> None:
    """And those of one channel the others."""
    (tmp_path / "slack-initiated.j2").write_text("ours")
    texts = Texts(tmp_path)

    assert _words("slack", Occasion.COMPLETED) == texts.words(
        "slack", Occasion.COMPLETED, _story(Occasion.COMPLETED)
    )
    assert _words("discord") == texts.words("discord", Occasion.INITIATED, _story())


def test_an_empty_template_tells_nothing(tmp_path: Path) -> None:
    """That is how a team keeps a channel from hearing of something."""
    (tmp_path / "slack-initiated.j2").write_text("{# nothing #}")

    assert Texts(tmp_path).words("slack", Occasion.INITIATED, _story()) is None


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ reason", "slack.j2, line 1"),
        ("one\n{% if %}", "slack.j2, line 2"),
        ("{{ colour }}", "'colour' is undefined"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ reason + 1 }}", "slack.j2"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{% include 'other.j2' %}", "other.j2"),
        ("{{ range(100000000) | list }}", "slack.j2"),
        (
            "{% for a in range(99999) %}too much {% endfor %}",
            "slack.j2: this template can't be used (it makes more than 100,000 characters)",
        ),
        ("{{ ('x' * 99999) * 99999 }}", "it makes more than 100,000 characters"),
        ("{{ 9 ** 99999999 }}", "it makes a number of more than 10,000 bits"),
        ("{% include 'slack.j2' %}", "slack.j2"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "slack.j2"),
    ],
)
def test_a_broken_template_is_one_line_and_the_usual_text(tmp_path: Path, template: str, said: str) -> None:
    """Said once, with the place; people are told all the same."""
    (tmp_path / "slack.j2").write_text(template)
    lines: list[str] = []
    texts = Texts(tmp_path, lines.append)

    found = [texts.words("slack", Occasion.INITIATED, _story()) for _ in range(2)]

    assert [_words("slack")] * 2 == found
    assert 1 == len(lines)
    assert said in lines[0]
    assert "the usual text is sent" in lines[0]
    assert "\n" not in lines[0]


def test_a_template_that_is_no_text(tmp_path: Path) -> None:
    """Neither is what can't be read."""
    (tmp_path / "slack.j2").write_bytes(b"\xff\xfe")
    lines: list[str] = []

    assert _words("slack") == Texts(tmp_path, lines.append).words("slack", Occasion.INITIATED, _story())
    assert 1 == len(lines)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """Is said as such; a folder without a template for the channel is none of that."""
    lines: list[str] = []

    assert _words("slack") == Texts(tmp_path / "none", lines.append).words(
        "slack", Occasion.INITIATED, _story()
    )
    assert 1 == len(lines)
    assert "there is no folder" in lines[0]
    assert _words("slack") == Texts(tmp_path, pytest.fail).words("slack", Occasion.INITIATED, _story())


def test_a_value_makes_no_second_title() -> None:
    """Nor a line of its own: it could speak in our name."""
    words = _words("slack", reason="x\n*Severity*: none\n\n*State*: verified")

    assert "*Reason*: x *Severity*: none *State*: verified" in words.text.splitlines()


def test_no_secret_is_told(tmp_path: Path) -> None:
    """Neither one in a value, nor one that somebody has written into a template."""
    secret = Secret("PASSWORD", "k9Jq-3ZfT0pWm2Xc7Rb")
    REDACTOR.register(secret.name, secret.value)
    (tmp_path / "slack.j2").write_text(f"{secret.value}\n\n{{{{ reason }}}}")

    found = Texts(tmp_path).words("slack", Occasion.INITIATED, _story(reason=f"with {secret.value}!"))

    assert found is not None
    assert secret.value not in found.title + found.text + _words("slack", reason=secret.value).text
