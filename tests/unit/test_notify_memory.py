"""What a channel was told of an incident that is still open: kept for the next session, one at a time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backstop.model.errors import CouldNotLook
from backstop.notify.memory import Memory
from backstop.notify.notifier import Known
from backstop.storage import CannotWrite
from tests.unit.fakeclock import FakeClock

NOW = datetime(2026, 11, 25, 14, 5, tzinfo=UTC)
KNOWN = Known("3acaa75a", "1300000000000000001", under_way=True, alerts=("health", "errors"))


def _memory(directory: Path, channel: str = "discord") -> Memory:
    return Memory(directory, "prod", channel, FakeClock())


def test_what_was_kept_is_known(tmp_path: Path) -> None:
    """To this channel of this target, and to no other."""
    _memory(tmp_path).keep(KNOWN, NOW)

    assert KNOWN == _memory(tmp_path).known(NOW)
    assert None is _memory(tmp_path, "slack").known(NOW)
    assert None is Memory(tmp_path, "staging", "discord").known(NOW)


def test_a_mark_is_kept_for_as_long_as_there_is_one(tmp_path: Path) -> None:
    """A release that knows of none can read what has none."""
    memory = Memory(tmp_path, "prod", "statuspage")
    for known in (Known("run", mark="4f1c"), Known("run", "abc")):
        memory.keep(known, NOW)

        assert known == memory.known(NOW)
        assert ("mark" in json.loads(memory.file.read_text())) is known.lost


def test_an_incident_that_is_over_is_not_known(tmp_path: Path) -> None:
    """Forgetting it twice does no harm."""
    memory = _memory(tmp_path)
    memory.keep(KNOWN, NOW)

    memory.forget()
    memory.forget()

    assert None is memory.known(NOW)


@pytest.mark.parametrize(
    ("later", "known"), [(0, True), (23, True), (24, False), (-1, False), (9_999, False)]
)
def test_after_a_day_it_is_another_incident(tmp_path: Path, later: int, known: bool) -> None:
    """So it is when the clock was set back by more than a little."""
    memory = _memory(tmp_path)
    memory.keep(KNOWN, NOW)

    assert known == (memory.known(NOW + timedelta(hours=later)) is not None)


def test_a_rollback_that_was_killed_is_not_under_way_for_ever(tmp_path: Path) -> None:
    """An hour later whoever finds the bot well may say so."""
    memory = _memory(tmp_path)
    memory.keep(KNOWN, NOW)

    soon, later = (memory.known(NOW + timedelta(minutes=each)) for each in (59, 61))

    assert (True, False) == (soon and soon.under_way, later and later.under_way)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"at": "yesterday"}',
        "{" * 100_000,
        '{"at": "2026-11-25T14:05:00+00:00"}',
        "\x00",
        '{"at": "2026-11-25T14:05:00+00:00", "incident": "r", "id": "../../x", "alerts": []}',
        '{"at": "2026-11-25T14:05:00+00:00", "incident": 1, "id": "7", "alerts": []}',
        '{"at": "2026-11-25T14:05:00", "incident": "r", "id": "7", "alerts": []}',
        '{"at": "2026-11-25T14:05:00+00:00", "incident": "r", "id": "7", "alerts": [], "colour": "red"}',
    ],
)
def test_a_file_that_can_t_be_read_is_nothing_known(tmp_path: Path, text: str) -> None:
    """Cut short, of a newer version, or somebody else's."""
    (tmp_path / "prod").mkdir()
    (tmp_path / "prod" / "discord.json").write_text(text)

    assert None is _memory(tmp_path).known(NOW)


def test_two_sessions_tell_one_after_the_other(tmp_path: Path) -> None:
    """Who waits too long is told so; once the first has ended, the second goes on."""
    with _memory(tmp_path).held(1.0):
        with pytest.raises(CouldNotLook, match="another session's message"), _memory(tmp_path).held(1.0):
            pytest.fail("two at once")
        with _memory(tmp_path, "slack").held(1.0):
            pass
    with _memory(tmp_path).held(1.0):
        pass


def test_without_a_place_nothing_is_held(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "prod").write_text("")

    with pytest.raises(CannotWrite), _memory(tmp_path).held(1.0):
        pytest.fail("held")
