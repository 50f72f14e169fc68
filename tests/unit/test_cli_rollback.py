"""``backstop rollback`` is the pytest session, from wherever it is typed."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

from backstop.cli import rollback
from backstop.cli.main import main
from backstop.cli.rollback import session_arguments
from backstop.model.verdict import Ending
from backstop.process import run

ROOT = Path("/checkout")


def _arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    rollback.add_to(parser.add_subparsers())
    return parser.parse_args(["rollback", *words])


def test_a_command_becomes_the_session_that_its_help_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Free text is one argument, whatever is in it; without a targets file here, the checkout's."""
    monkeypatch.chdir(tmp_path)
    reason = 'it said "no"; rm -rf $HOME\n🔥'

    assert session_arguments(
        _arguments("prod", reason, "--yes", "--no-notify", "--via", "api", "--to", "v1"), ROOT
    ) == [
        "-m",
        "post_rollback",
        "--target=prod",
        "--targets-file=/checkout/targets.toml",
        "--rollback",
        f"--reason={reason}",
        "--to=v1",
        "--via=api",
        "--yes",
        "--no-notify",
    ]


def test_a_targets_file_of_the_folder_is_taken_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then that of the checkout, and always one that is named."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "targets.toml").touch()

    assert "--targets-file=targets.toml" in session_arguments(_arguments("prod", "x"), ROOT)
    named = session_arguments(_arguments("prod", "x", "--targets-file", "other.toml"), ROOT)
    assert "--targets-file=other.toml" in named


def test_what_is_not_asked_for_is_not_said() -> None:
    """The session's own defaults hold."""
    words = session_arguments(_arguments("prod", "x"), ROOT)

    assert not any(
        word.startswith(("--to", "--undo", "--via", "--accept", "--plan", "--yes")) for word in words
    )


@pytest.mark.parametrize("words", [[], ["--via", "pigeon", "prod", "x"], ["prod", "x", "y"]])
def test_wrong_usage_is_exit_code_4(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With usage on the terminal."""
    assert main(["rollback", *words]) == 4
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["rollback", "run", "report"])
def test_only_the_command_that_is_typed_is_loaded(command: str) -> None:
    """Somebody is in a hurry for one of them; it reads the modules of the others nowhere."""
    code = f"""
import sys
from backstop.cli.main import _COMMANDS, _parser
_parser([{command!r}])
print([name for name in _COMMANDS if f"backstop.cli.{{name}}" in sys.modules])
"""
    ended = run([sys.executable, "-c", code], env=dict(os.environ), limit=60)

    assert f"{[command]}\n" == ended.stdout, ended.stderr


@pytest.mark.parametrize("words", [["--help"], [], ["rolback", "prod"], ["--help", "rollback"]])
def test_where_no_command_is_typed_all_are_named(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """In the help, and beside a word that is none."""
    code = main(words)

    told = "".join(capsys.readouterr())
    assert (Ending.VERIFIED if "--help" in words else Ending.USAGE) == code
    assert words == [] or all(name in told for name in ("rollback", "run", "init", "sandbox", "tell"))
