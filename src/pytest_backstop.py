"""What pytest loads in every run of an environment that backstop is installed in.

Sessions need our configuration, which pytest would not find from a bot's own repository: a run that asks for
one there is handed over to a pytest that has it. In any other run nothing of ours is added, neither options
nor markers nor settings: it is somebody else's. In a checkout it makes our options known early.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from backstop.collecting import paused
from backstop.environment import read_environment
from backstop.launch import become_session, configured
from backstop.model.run import SessionKind
from backstop.outlets import redact_from_here_on
from backstop.root import is_installed, project_root

_PYTEST = {"pytest", "py.test"}
_SESSIONS = {kind.value for kind in SessionKind} - {SessionKind.LOOK.value}
_OWN_CONFIGURATION = ("-c", "--config-file", "--rootdir")
_TAKE_A_VALUE = {"-m", "-k", "-o", "-p", "-W"}  # of pytest's short options
_TARGETS = "targets.toml"


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Hand over a session that was typed in a bot's repository; in a checkout, add our options."""
    root = project_root()
    if is_pytest(sys.argv) and asks_for_a_session(sys.argv[1:], Path.cwd(), root):
        become_session(root, sys.argv[1:], read_environment().variables)
    if _is_ours():
        if is_pytest(sys.argv):
            redact_from_here_on()
            read_environment().know_credentials()
        pytest.register_assert_rewrite("fixtures")  # before the first of them is imported
        with paused():
            pluginmanager.import_plugin("fixtures.options")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Load our plugins without a pause in between to look for garbage."""
    if not _is_ours():
        return (yield)
    with paused():
        return (yield)


def _is_ours() -> bool:
    return not is_installed() or configured(project_root()) in sys.argv


def is_pytest(argv: Sequence[str]) -> bool:
    """Whether pytest itself is the program, and nothing that runs it."""
    program = Path(argv[0] if argv else "")
    return program.name in _PYTEST or program.parent.name == "pytest"


def asks_for_a_session(arguments: Sequence[str], directory: Path, root: Path) -> bool:
    """Whether arguments of pytest mean one of our sessions, though ``directory`` has none of our files.

    They do where ``-m`` names a session and there is a targets file, unless paths to run or a configuration
    of its own are given: then it is a run of the bot's own tests.
    """
    wanted = re.sub(r"\bnot\s+\w+", "", _value(arguments, "-m"))
    if not _SESSIONS.intersection(re.findall(r"\w+", wanted)):
        return False
    if directory.is_relative_to(root) or any(word.startswith(_OWN_CONFIGURATION) for word in arguments):
        return False
    targets = directory / (_value(arguments, "--targets-file") or _TARGETS)
    return targets.is_file() and not _paths(arguments, directory)


def _value(arguments: Sequence[str], option: str) -> str:
    """What an option is given last: after it, behind ``=``, or joined to a short one."""
    found = ""
    for word, following in zip(arguments, [*arguments, ""][1:], strict=True):
        if word == option:
            found = following
        elif word.startswith(option):
            found = word.removeprefix(option).removeprefix("=")
    return found


def _paths(arguments: Sequence[str], directory: Path) -> list[str]:
    """What is given to be run: paths that exist, save those that are the value of an option."""
    return [
        word
        for before, word in zip(["", *arguments], arguments, strict=False)
        if not word.startswith("-")
        and not (before.startswith("--") and "=" not in before)
        and before not in _TAKE_A_VALUE
        and _exists(directory / word.partition("::")[0])
    ]


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # no name that a file can have
        return False
