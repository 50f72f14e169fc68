"""Which runs of pytest are ours, though they were typed where none of our files are."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from backstop.launch import session_command, session_environment, typed
from pytest_backstop import asks_for_a_session, is_pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A bot's repository with targets, tests and a folder that is named as a target is."""
    (tmp_path / "targets.toml").touch()
    (tmp_path / "tests").mkdir()
    (tmp_path / "local").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        "-m drill",
        "-m drill --target local",
        "-mdrill --target=local -v",
        "-m post_rollback --target prod --rollback --reason tests",
        "-m monitor --target prod",
        "-m 'monitor and not latency' --target prod",
        "-k health -m drill",
        "--targets-file targets.toml -m drill",
        "--reports tests -m drill",
    ],
)
def test_a_session_in_a_bots_repository_is_ours(repository: Path, words: str) -> None:
    """However it is spelt; the value of an option is no path to run, even where it is one."""
    assert asks_for_a_session(shlex.split(words), repository, ROOT)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "--target prod",
        "-m slow",
        "-m drilling",
        "-m 'slow and not drill'",
        "-k drill",
        "tests -m drill",
        "-v tests -m drill",
        "tests/test_bot.py::test_it -m drill",
        "tests/" + "x" * 5000 + " tests -m drill",
        "-m drill --rootdir=.",
        "-c pytest.ini -m drill",
        "-m drill --targets-file=elsewhere.toml",
    ],
)
def test_any_other_run_is_the_bots_own(repository: Path, words: str) -> None:
    """No session, paths of its own, a configuration of its own, or no such targets file."""
    (repository / "tests" / "test_bot.py").touch()

    assert not asks_for_a_session(shlex.split(words), repository, ROOT)


def test_without_a_targets_file_nothing_is_ours(tmp_path: Path) -> None:
    """A marker of the same name may be anybody's."""
    assert not asks_for_a_session(["-m", "drill"], tmp_path, ROOT)


def test_in_a_checkout_pytest_finds_all_by_itself() -> None:
    """Nothing is started a second time there."""
    assert not asks_for_a_session(["-m", "drill"], ROOT, ROOT)
    assert not asks_for_a_session(["-m", "drill"], ROOT / "suites", ROOT)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("/venv/bin/pytest", True),
        ("/venv/bin/py.test", True),
        ("/site-packages/pytest/__main__.py", True),
        ("/venv/bin/tox", False),
        ("-c", False),
        ("", False),
    ],
)
def test_only_pytest_itself_is_started_again(program: str, expected: bool) -> None:
    """What runs pytest within itself goes on."""
    assert expected == is_pytest([program, "-m", "drill"])
    assert not is_pytest([])


def test_a_session_command_works_in_any_folder() -> None:
    """Absolute paths to what is ours, no plugins but ours, no folder of the bot on the path."""
    command = session_command(ROOT, ["-m", "drill"])

    assert [sys.executable, "-P", "-m", "pytest", f"--rootdir={ROOT}"] == command[:5]
    assert {f"--config-file={ROOT / 'pyproject.toml'}", "--disable-plugin-autoload"} <= set(command)
    assert [str(ROOT / "suites"), "-m", "drill"] == command[-3:]


def test_our_root_comes_first_among_the_modules() -> None:
    """Before what the user has there; what the bot's own tests are given is not for ours."""
    assert {"A": "b", "PYTHONPATH": str(ROOT)} == session_environment(
        ROOT, {"A": "b", "PYTEST_ADDOPTS": "-n 4"}
    )
    assert f"{ROOT}{os.pathsep}x" == session_environment(ROOT, {"PYTHONPATH": "x"})["PYTHONPATH"]


def test_what_is_to_be_typed_again_is_what_was_typed() -> None:
    """Not what it became."""
    became = session_command(ROOT, ["-m", "drill"])[4:]

    assert ("backstop", "run", "-m", "drill") == typed(ROOT, became)
    assert ("pytest", "-m", "drill") == typed(ROOT, ["-m", "drill"])
