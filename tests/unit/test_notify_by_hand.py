"""Closing by hand what a session left open that died, or an alert whose cause was mended elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backstop.cli.main import main
from backstop.notify.memory import Memory
from backstop.notify.notifier import Known
from tests.unit.heralds import ALL_WELL, CHANGE, SLACK
from tests.unit.loopback import Canned, api
from tests.unit.targetsfiles import written
from tests.unit.telling import HOOK, WEBHOOK

TARGET = """
[targets.prod]
url = "https://bot.example.workers.dev"
worker = "beluga"
[targets.prod.channels]
slack = "env:SLACK_WEBHOOK"
discord = "env:DISCORD_WEBHOOK"
[targets.prod.channels.drills]
slack = "env:SLACK_WEBHOOK"
"""
RESOLVED = ("tell", "prod", "resolved")
ALL = ("discord", "slack")


@pytest.fixture
def service() -> Iterator[Canned]:
    """Slack and Discord, which take what they are sent."""
    with api(dict(ALL_WELL)) as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path, service: Canned) -> Path:
    """A targets file with both channels, and what is secret beside it."""
    written(tmp_path, TARGET)
    lines = {
        "SLACK_WEBHOOK": f"https://hooks.slack.com{HOOK}",
        "SLACK_WEBHOOK_BASE_URL": service.url,
        "DISCORD_WEBHOOK": f"https://discord.com/api{WEBHOOK}",
        "DISCORD_API_BASE_URL": service.url,
    }
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    return tmp_path


def _opened(folder: Path, *channels: str, target: str = "prod", days: float = 0, **more: object) -> None:
    """What a session has told these channels, so long ago."""
    for channel in channels:
        known = Known("3acaa75a", "7" if channel == "discord" else "", **more)  # type: ignore[arg-type]
        memory = Memory(folder / ".backstop" / "told", target, channel)
        memory.keep(known, datetime.now(UTC) - timedelta(days=days))


def _sent(service: Canned, request: str) -> dict[str, str]:
    """What the last request of this kind held."""
    bodies = [body for asked, (_, body) in zip(service.asked, service.seen, strict=True) if asked == request]
    return dict(json.loads(bodies[-1]))


def _typed(folder: Path, *words: str) -> int:
    return main([*words, "--targets-file", str(folder / "targets.toml")])


def test_what_is_open_is_closed_once(
    folder: Path, service: Canned, capsys: pytest.CaptureFixture[str]
) -> None:
    """One message in Slack, the announcement changes; the second time there is nothing to close."""
    _opened(folder, *ALL, alerts=("health",))

    first = _typed(folder, *RESOLVED, "the outage at our host is over")
    out = capsys.readouterr().out
    second = _typed(folder, *RESOLVED, "again")

    assert [0, 0] == [first, second]
    assert {SLACK: 1, CHANGE: 1} == {each: service.asked.count(each) for each in service.asked}
    assert "Slack: alerts of health (run 3acaa75a)" in out
    assert "told:   Slack: posted" in out
    assert "told:   Discord: updated" in out
    assert "nothing is open in the channels of prod" in capsys.readouterr().out


def test_the_words_claim_nothing_that_nobody_has_seen(folder: Path, service: Canned) -> None:
    """The team reads why and by whom; users are not told that anything was checked."""
    _opened(folder, *ALL)

    _typed(folder, *RESOLVED, "the outage at our host is over")
    team, users = (_sent(service, each) for each in (SLACK, CHANGE))

    assert "*Reason*: the outage at our host is over" in team["text"]
    assert "closed by hand, which no session has checked" in team["text"]
    assert "is resolved." in users["content"]
    assert "checked" not in users["content"]
    assert "our host" not in users["content"]


@pytest.mark.parametrize("days", [0, 1, 30, 3000])
def test_however_old_it_is(folder: Path, service: Canned, days: float) -> None:
    """No session closes what is older than a day, so this must."""
    _opened(folder, "discord", days=days, under_way=True)

    assert 0 == _typed(folder, *RESOLVED, "mended")
    assert [CHANGE] == service.asked


def test_a_drill_that_died_is_closed_as_a_drill(folder: Path, service: Canned) -> None:
    """In its own channels, with its mark."""
    _opened(folder, "slack", target="prod.drill")

    assert 0 == _typed(folder, *RESOLVED, "the machine was lost")
    assert [SLACK] == service.asked
    assert _sent(service, SLACK)["text"].startswith("DRILL, nothing is wrong")


def test_what_a_channel_does_not_take_stays_open(
    folder: Path, service: Canned, capsys: pytest.CaptureFixture[str]
) -> None:
    """The next try tells that channel alone."""
    _opened(folder, *ALL)
    service.answers[SLACK] = (410, b"channel_is_archived")

    first = _typed(folder, *RESOLVED, "mended")
    out = capsys.readouterr().out
    service.answers[SLACK] = ALL_WELL[SLACK]
    second = _typed(folder, *RESOLVED, "mended")

    assert [20, 0] == [first, second]
    assert "told:   ✗ Slack: the webhook's channel is archived (410 channel_is_archived)" in out
    assert "type the same again" in out
    assert [1, 2] == [service.asked.count(CHANGE), service.asked.count(SLACK)]


@pytest.mark.parametrize("reason", [(), ("",), ("  ",)])
def test_it_needs_a_reason(
    folder: Path, service: Canned, capsys: pytest.CaptureFixture[str], reason: tuple[str, ...]
) -> None:
    """As a rollback does; nothing is sent without one."""
    _opened(folder, *ALL)

    assert 4 == _typed(folder, *RESOLVED, *reason)
    assert 'backstop tell prod resolved "' in capsys.readouterr().err
    assert [] == service.asked


def test_what_is_open_is_shown_where_nothing_is_sent(
    folder: Path, service: Canned, capsys: pytest.CaptureFixture[str]
) -> None:
    """Behind the made-up messages, with what closes it."""
    _opened(folder, "slack")

    assert 0 == _typed(folder, "tell", "prod")
    assert 'backstop tell prod resolved "why it is over"\n  Slack: a rollback' in capsys.readouterr().out
    assert [] == service.asked


def test_a_memory_that_can_t_be_removed_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Or the next one would tell it again, and nobody knew why."""
    _opened(folder, "slack")
    monkeypatch.setattr(Memory, "forget", lambda _: None)  # as on a disk that is read-only

    assert 0 == _typed(folder, *RESOLVED, "mended")
    assert "→ remove " in capsys.readouterr().out
