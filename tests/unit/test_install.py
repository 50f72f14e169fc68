"""``backstop setup``: wrangler is there whole, or not at all. A stub stands in for npm."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import threading
from pathlib import Path

import pytest

from backstop.cli.main import main
from backstop.cloudflare import install
from backstop.cloudflare.install import CannotInstall, Installation
from backstop.cloudflare.toolchain import npm
from backstop.model.errors import UsageError
from backstop.polling import PollTimedOut

INSTALLS = """\
import json, pathlib, sys
for name in ("wrangler/bin/wrangler.js", "@cloudflare/workerd-linux-64/bin/workerd"):
    path = pathlib.Path("node_modules", name)
    path.parent.mkdir(parents=True)
    path.touch()
pathlib.Path("called.json").write_text(json.dumps(sys.argv[1:]))
"""
FAILS = """\
import sys
sys.exit("npm error code EAI_AGAIN\\nnpm error request to the registry failed\\nnpm error more")
"""


class Desk:
    """An installation, and what it said."""

    def __init__(self, folder: Path) -> None:
        self.source, self.directory = folder / "source", folder / "cache" / "wrangler-1"
        self.source.mkdir()
        for name in ("package.json", "package-lock.json", ".npmrc"):
            (self.source / name).write_text(name)
        self.said: list[str] = []

    def make(self, script: str, limit: float = 20.0) -> None:
        """Install with a script in the place of npm."""
        command = [sys.executable, "-c", script]
        Installation(self.source, self.directory, command, dict(os.environ), limit).make(self.said.append)

    @property
    def left(self) -> list[str]:
        """What lies in the cache."""
        return sorted(path.name for path in self.directory.parent.iterdir())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty cache."""
    return Desk(tmp_path)


def test_wrangler_is_installed_from_the_lock(desk: Desk) -> None:
    """Without scripts of packages; what is done is said, and nothing is left of the way."""
    desk.make(INSTALLS)

    assert ["setup.lock", "wrangler-1"] == desk.left
    assert "package-lock.json" == (desk.directory / "package-lock.json").read_text()
    assert "ci --ignore-scripts" in " ".join(json.loads((desk.directory / "called.json").read_text()))
    assert "installing" in desk.said[0]
    assert f"ready: {desk.directory}" == desk.said[-1]


def test_a_second_time_does_nothing(desk: Desk) -> None:
    """And needs no npm."""
    desk.make(INSTALLS)
    desk.said.clear()

    desk.make("raise SystemExit(1)")

    assert [f"up to date: {desk.directory}"] == desk.said


def test_what_failed_leaves_nothing(desk: Desk) -> None:
    """Npm's own reason is in the message, with the next step."""
    with pytest.raises(CannotInstall, match="npm ended with 1: request to the registry failed") as caught:
        desk.make(FAILS)

    assert "backstop setup again" in caught.value.remedy
    assert ["setup.lock"] == desk.left


def test_npm_that_leaves_no_workerd_has_failed(desk: Desk) -> None:
    """It ends well, too, where it has none for this platform."""
    with pytest.raises(CannotInstall, match="left no node_modules/wrangler"):
        desk.make("pass")

    assert ["setup.lock"] == desk.left


def test_what_was_cut_short_or_taken_apart_is_made_anew(desk: Desk) -> None:
    """A kill leaves an unfinished folder, somebody else half of a finished one."""
    unfinished = desk.directory.with_name("wrangler-1.unfinished")
    for folder in (unfinished / "node_modules" / "wrangler", desk.directory / "node_modules" / "wrangler"):
        folder.mkdir(parents=True)

    desk.make(INSTALLS)

    assert ["setup.lock", "wrangler-1"] == desk.left


def test_npm_that_never_ends_is_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its limit; until then it is said how far it is."""
    monkeypatch.setattr(install, "_PROGRESS_S", 0.2)

    with pytest.raises(CannotInstall, match=r"was not done after 0\.5 s"):
        desk.make("import time; time.sleep(60)", limit=0.5)

    assert "  0 MB …" in desk.said
    assert ["setup.lock"] == desk.left


def test_a_second_set_up_waits_for_the_first(desk: Desk) -> None:
    """And finds its work done, or gives up after its limit."""
    desk.directory.parent.mkdir()
    with (desk.directory.parent / "setup.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(PollTimedOut, match="the end of another set-up"):
            desk.make(INSTALLS, limit=0.3)
        release = threading.Timer(0.3, fcntl.flock, (held, fcntl.LOCK_UN))
        release.start()
        desk.make(INSTALLS)
        release.join()

    assert "another set-up is at work; waiting for it …" in desk.said
    assert desk.directory.is_dir()


def test_a_folder_that_can_not_be_made_is_named(desk: Desk) -> None:
    """With the way to another one."""
    desk.directory.parent.write_text("a file in its place")

    with pytest.raises(UsageError, match="can't be written") as caught:
        desk.make(INSTALLS)

    assert "XDG_CACHE_HOME" in caught.value.remedy


def test_npm_is_run_by_native_node() -> None:
    """The package's own npm command would swallow signals."""
    node, require, preloaded, entry, argument = npm(["ci"])

    assert os.access(node, os.X_OK)
    assert Path(entry).is_file()
    assert ("--require", "end-with-parent.cjs", "ci") == (require, Path(preloaded).name, argument)


def test_a_checkout_has_a_set_up_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is installed beside it."""
    assert 4 == main(["setup"])
    assert "make setup" in capsys.readouterr().err
