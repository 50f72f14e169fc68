"""``[state]``: the directory of what a team shares."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.environment import Environment
from backstop.rollback.responder import Safeguards
from backstop.settings.targets import load_targets
from tests.unit.targetsfiles import complaints, written

TARGET = '[targets.t]\nurl = "https://bot.example.workers.dev"\n'


@pytest.mark.parametrize(
    ("text", "found"),
    [("", ".backstop"), ('[state]\ndirectory = "../shared"\n', "../shared")],
)
def test_where_it_is(tmp_path: Path, text: str, found: str) -> None:
    """Relative to the targets file; beside it when nothing is said."""
    targets = load_targets(written(tmp_path, TARGET + text), Environment({}))

    assert (tmp_path / found).resolve() == targets.state
    assert ("t",) == targets.names


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[state]\n", "state.directory"),
        ("[state]\ndirectory = 7\n", "wanted a text"),
        ('[state]\ndirectory = ""\n', "wanted a text"),
        ('[state]\ndirectory = "x"\npath = "y"\n', "unknown key"),
        ("[[state]]\n", "wanted a table with a directory"),
    ],
)
def test_what_is_wrong_with_it_is_said(tmp_path: Path, text: str, said: str) -> None:
    """Once, with the rest of the file."""
    (complaint,) = complaints(tmp_path, TARGET + text)

    assert said in complaint


def test_locks_and_notes_stay_on_the_machine(tmp_path: Path) -> None:
    """What another machine can do nothing with is not shared."""
    own, shared = tmp_path / "own", tmp_path / "shared"
    guards = Safeguards.beneath(own, shared=shared)

    assert own / "undo" / "t.json" == guards.notes.path("t")
    assert own / "locks" == guards.locks.directory
    guards.notes.path("t").parent.mkdir(parents=True)
    assert not shared.exists()
