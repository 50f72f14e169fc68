"""``backstop tell``: what people would be told, without telling anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.cli.main import main
from tests.unit.targetsfiles import written

TARGET = '[targets.t]\nurl = "https://bot.example.workers.dev"\nworker = "beluga"\n'
CHANNELS = '[targets.t.channels]\nslack = "env:NOWHERE"\ndiscord = "env:NOWHERE"\n'
WORDS = '[notify]\ntemplates = "words"\n'


def _told(folder: Path, text: str) -> int:
    return main(["tell", "t", "--targets-file", str(written(folder, text))])


def test_every_message_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For each channel that the target names, whether its address is set or not."""
    code = _told(tmp_path, TARGET + CHANNELS)
    out = capsys.readouterr().out

    assert 0 == code
    assert "── Slack, initiated ──\n🚨 t: rollback initiated" in out
    assert "── Slack, alert raised ──\n🔔 t: health is failing" in out
    assert "── Discord, completed ──\n✅ **beluga bot is back**" in out
    assert "── Discord, rolled back" not in out
    assert "── Statuspage" not in out


def test_a_broken_template_is_found_before_the_night(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its line, and an exit code for CI."""
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "discord.j2").write_text("title\n{{ colour }}")

    code = _told(tmp_path, TARGET + CHANNELS + WORDS)
    found = capsys.readouterr()

    assert 4 == code
    assert "words/discord.j2, line 2: this template" in found.err
    assert "── Slack, initiated" in found.out


def test_a_target_without_channels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There is nobody to be told."""
    assert 4 == _told(tmp_path, TARGET)
    assert "t names no channels" in capsys.readouterr().err
