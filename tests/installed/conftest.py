"""A wheel of this checkout, built and installed offline into an empty environment."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.drill.conftest import LIMIT, ROOT, by_itself, descendants, temporary_of

SCENARIO = 'title = "A scenario of the bot"\nfault = "health-503"\n'
BUILD_LIMIT = 120.0  # seconds; it takes one or two on an idle machine


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code, output, and processes that it left."""

    code: int
    output: str
    left: tuple[str, ...]


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel in it; ``cache`` is the folder of its user for wrangler."""

    environment: Path
    cache: Path

    @property
    def library(self) -> Path:
        """Where the package is."""
        return next(self.environment.glob("lib/python3*/site-packages/backstop"))

    def run(self, program: str, *words: str, cwd: Path, more: Mapping[str, str] | None = None) -> Ended:
        """Run one of its programs, as somebody types it in a folder."""
        temporary = temporary_of(cwd)
        variables = {**by_itself(), "TMPDIR": str(temporary), "XDG_CACHE_HOME": str(self.cache)}
        ended = subprocess.run(
            [str(self.environment / "bin" / program), *words],
            cwd=cwd,
            env=variables | dict(more or {}),
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout + ended.stderr, tuple(descendants(temporary)))


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    _do(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in an environment that has the packages it depends on, and nothing of this checkout."""
    folder = tmp_path_factory.mktemp("installed")
    python = str(folder / "bin" / "python")
    _do(sys.executable, "-m", "venv", "--without-pip", str(folder))
    site_packages = next(folder.glob("lib/python3*/site-packages"))
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    _do(*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel))
    return Installed(folder, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def ready(installed: Installed) -> Installed:
    """The same, with wrangler where ``backstop setup`` puts it."""
    show = "from backstop.cloudflare.toolchain import tools_directory; print(tools_directory())"
    ended = installed.run("python", "-c", show, cwd=installed.cache)
    tools = Path(ended.output.strip())
    assert tools.is_relative_to(installed.cache), ended.output
    tools.mkdir(parents=True)
    (tools / "node_modules").symlink_to(ROOT / "node_modules")
    return installed


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """The repository of a bot, outside of the checkout, with a targets file and a scenario of its own."""
    folder = tmp_path / "bot"
    shutil.copytree(ROOT / "sandbox" / "bot", folder)
    targets = (ROOT / "targets.toml").read_text().replace("sandbox/bot/", "").replace("sandbox/bot", ".")
    (folder / "targets.toml").write_text(targets)
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "of-the-bot.toml").write_text(SCENARIO)
    return folder


def _do(*command: str) -> None:
    ended = subprocess.run(
        command, cwd=ROOT, env=by_itself(), capture_output=True, text=True, timeout=BUILD_LIMIT, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
