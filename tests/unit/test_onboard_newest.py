"""Which session `backstop accept` reads, and which it refuses to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from backstop.journal.codec import to_line
from backstop.model.errors import UsageError
from backstop.model.target import Target
from backstop.onboard.newest import newest_session
from tests.unit.conclusions import check, session
from tests.unit.samples import numbered

BOT = Target("local", sandbox=True, worker="bot")
RECORDS = numbered(session("look", check("security.csp", "fail")))
NOW = RECORDS[-1].at + timedelta(hours=1)
LOOK = "pytest --target local"


def written(reports: Path, name: str, *, lines: int = len(RECORDS)) -> None:
    """A session's folder with the first lines of a journal."""
    folder = reports / name
    folder.mkdir(parents=True)
    (folder / "journal.jsonl").write_text("".join(to_line(record) for record in RECORDS[:lines]))


def test_the_newest_session_of_that_bot_is_read(tmp_path: Path) -> None:
    """Not one of another target, nor one of another bot that is called the same."""
    written(tmp_path, "20261124T031241Z-look-local")
    written(tmp_path, "20261125T031241Z-look-prod")
    (tmp_path / "latest").symlink_to("20261125T031241Z-look-prod")

    assert newest_session(tmp_path, BOT, NOW, LOOK).run == "run"
    with pytest.raises(UsageError, match="holds no session of local"):
        newest_session(tmp_path, replace(BOT, worker="another"), NOW, LOOK)


@pytest.mark.parametrize(
    ("lines", "age", "said"),
    [
        (len(RECORDS), timedelta(days=1, hours=1), "older than a day"),
        (len(RECORDS) - 1, timedelta(hours=1), "was cut short"),
    ],
)
def test_an_old_or_broken_session_says_nothing_of_today(
    tmp_path: Path, lines: int, age: timedelta, said: str
) -> None:
    """What to type for a new one is said."""
    written(tmp_path, "20261124T031241Z-look-local", lines=lines)

    with pytest.raises(UsageError, match=said) as caught:
        newest_session(tmp_path, BOT, RECORDS[0].at + age, LOOK)

    assert LOOK in caught.value.remedy


def test_without_reports_a_look_is_advised(tmp_path: Path) -> None:
    """Also where there is no such directory."""
    with pytest.raises(UsageError, match="holds no session") as caught:
        newest_session(tmp_path / "none", BOT, NOW, LOOK)

    assert LOOK in caught.value.remedy
