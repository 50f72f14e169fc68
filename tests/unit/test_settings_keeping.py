"""``[reports]``: how long reports are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.environment import Environment
from backstop.model.keeping import Keeping
from backstop.settings.targets import load_targets
from tests.unit.targetsfiles import complaints, written

TARGET = '[targets.t]\nurl = "https://bot.example.workers.dev"\n'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Keeping(200, 400)),
        ("[reports]\n", Keeping(200, 400)),
        ("[reports]\nkeep = 30\n", Keeping(30, 400)),
        ("[reports]\nkeep = 1\nkeep_days = 7\n", Keeping(1, 7)),
    ],
)
def test_what_is_said(tmp_path: Path, text: str, found: Keeping) -> None:
    """What is not said is as usual."""
    assert found == load_targets(written(tmp_path, TARGET + text), Environment({})).keeping


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[reports]\nkeep = 0\n", "found 0, wanted a whole number from 1 to 2000"),
        ("[reports]\nkeep = 1e9\n", "wanted a whole number"),
        ('[reports]\nkeep_days = "forever"\n', "wanted a whole number from 1 to 3660"),
        ("[reports]\nkeep_day = 7\n", "unknown key"),
        ("[[reports]]\n", "wanted a table"),
    ],
)
def test_what_is_wrong_with_it_is_said(tmp_path: Path, text: str, said: str) -> None:
    """Before anything is removed by a rule that nobody meant."""
    assert said in "\n".join(complaints(tmp_path, TARGET + text))
