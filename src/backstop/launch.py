"""A session as a command line that works in any folder, and its start in the place of this process."""

from __future__ import annotations

import os
import platform
import pwd
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from backstop.root import is_installed

PLUGIN = "pytest_backstop"
_FOR_OTHER_TESTS = {"PYTEST_ADDOPTS", "PYTEST_PLUGINS"}


def configured(root: Path) -> str:
    """The option that gives pytest our configuration, and by which such a run is known."""
    return f"--config-file={root / 'pyproject.toml'}"


def become_session(root: Path, arguments: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Go on as a pytest with our configuration: Ctrl-C, the exit code and the terminal are its own."""
    sys.stdout.flush()
    command = session_command(root, arguments)
    os.execve(command[0], command, session_environment(root, environment))  # noqa: S606 - our own pytest


def session_command(root: Path, arguments: Sequence[str]) -> list[str]:
    """The command line of a session, to be typed anywhere.

    With none but the plugins that it needs: what else is installed with a bot would change it. ``-P`` keeps
    folders of the bot from being taken for ours.
    """
    return [sys.executable, "-P", "-m", "pytest", *_ours(root), *arguments]


def typed(root: Path, arguments: Sequence[str]) -> tuple[str, ...]:
    """What somebody types to have pytest run with these arguments again."""
    ours = _ours(root)
    if list(arguments[: len(ours)]) == ours:
        return ("backstop", "run", *arguments[len(ours) :])
    return ("pytest", *arguments)


def typed_by(plain: Callable[[str], str]) -> str:
    """Who starts a session: user and machine, or who set a CI off. ``plain`` reads the environment."""
    if actor := plain("GITHUB_ACTOR"):
        return f"{actor} (GitHub Actions)"
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may have no name for its user
        user = f"user {os.getuid()}"
    return f"{user}@{platform.node()}"


def _ours(root: Path) -> list[str]:
    plugins = ["--disable-plugin-autoload", *_plugins(PLUGIN, "allure_pytest", "benchmark")]
    if is_installed():
        plugins += _plugins("no:cacheprovider")  # it would write where we are installed
    return [f"--rootdir={root}", configured(root), *plugins, str(root / "suites")]


def session_environment(root: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without options for other tests, and our root where Python looks for modules first."""
    path = environment.get("PYTHONPATH", "")
    kept = {name: value for name, value in environment.items() if name not in _FOR_OTHER_TESTS}
    return {**kept, "PYTHONPATH": f"{root}{os.pathsep}{path}" if path else str(root)}


def _plugins(*names: str) -> list[str]:
    return [word for name in names for word in ("-p", name)]
