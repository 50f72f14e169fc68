"""The commands in processes of their own: real wrangler, real workerd, a copy of a bot."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.drill.conftest import ROOT, by_itself, descendants, temporary_of

BOTS = ROOT / "tests" / "bots"
LIMIT = 150.0  # seconds; a command takes a tenth of it on an idle machine
_PROGRAMS = {"backstop": ["-m", "backstop.cli.main"], "pytest": ["-m", "pytest", "-p", "no:cacheprovider"]}


@dataclass(frozen=True)
class Typed:
    """How a command ended: its exit code, what it wrote, the processes that it left."""

    code: int
    stdout: str
    stderr: str
    left: tuple[str, ...]

    @property
    def output(self) -> str:
        """All that it wrote."""
        return self.stdout + self.stderr

    @property
    def next(self) -> list[str]:
        """The commands that it says to type next."""
        _, _, commands = self.stdout.partition("\nnext:\n")
        return [line.strip() for line in commands.splitlines()]


Type = Callable[..., Typed]


@pytest.fixture
def type_in(tmp_path: Path) -> Type:
    """Type a command in the checkout: ``backstop`` or ``pytest``, with its words."""

    def go(program: str, *words: str) -> Typed:
        temporary = temporary_of(tmp_path)
        ended = subprocess.run(
            [sys.executable, *_PROGRAMS[program], *words],
            cwd=ROOT,
            env=by_itself() | {"TMPDIR": str(temporary)},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        return Typed(ended.returncode, ended.stdout, ended.stderr, tuple(descendants(temporary)))

    return go


@pytest.fixture
def init(type_in: Type, tmp_path: Path) -> Type:
    """``backstop init``, with reports of the test's own."""

    def go(*words: str) -> Typed:
        return type_in("backstop", "init", *words, "--reports", str(tmp_path / "reports"))

    return go


def copy_of(bot: str, folder: Path) -> Path:
    """A copy of one of our small bots with its packages, and without what init would write."""
    left_out = shutil.ignore_patterns("targets.toml", "build", "node_modules")
    made = Path(shutil.copytree(BOTS / bot, folder / bot, ignore=left_out))
    (made / "node_modules").symlink_to(ROOT / "node_modules")
    return made
