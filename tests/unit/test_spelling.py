"""Option values that are paths don't move pytest's root directory."""

from __future__ import annotations

from pathlib import Path

from fixtures.spelling import join_values

OPTIONS = {"--targets-file", "--target"}


def test_an_existing_path_is_joined_to_its_option(tmp_path: Path) -> None:
    """Pytest would take it for something to run."""
    assert join_values(["-m", "drill", "--targets-file", str(tmp_path)], OPTIONS) == [
        "-m",
        "drill",
        f"--targets-file={tmp_path}",
    ]


def test_everything_else_stays_as_it_was_typed(tmp_path: Path) -> None:
    """A value that is no path, a joined one, another option's, a path to run."""
    typed = ["--target", "no-such-path", f"--targets-file={tmp_path}", "-k", str(tmp_path), str(tmp_path)]

    assert join_values(typed, OPTIONS) == typed
