"""An installed backstop drills a bot from the bot's own repository, and leaves the bot's own tests alone."""

from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path

import pytest

from tests.drill.conftest import ROOT
from tests.installed.conftest import Installed

DRILL = ("-m", "drill", "--target", "local", "--scenarios", "scenarios", "--scenario", "of-the-bot")

# A bot's own suite, with what a plugin is likely to get in the way of.
CONFTEST = """\
import pytest

def pytest_addoption(parser):
    parser.addoption("--target", default="theirs")
    parser.addini("backstop_suites", "theirs")

@pytest.fixture
def stage():
    return "theirs"
"""
TESTS = """\
import warnings
import pytest

@pytest.mark.drill
def test_good(stage, request):
    assert (stage, request.config.getoption("target")) == ("theirs", "theirs")

@pytest.mark.xfail(reason="not strict")
def test_passes_unexpectedly():
    pass

def test_warns():
    warnings.warn("theirs")

def test_bad():
    assert 1 == 2

@pytest.mark.unheard_of
def test_marked():
    pytest.skip("theirs")
"""


def test_wheel_holds_what_a_user_needs_and_nothing_else(wheel: Path) -> None:
    """Library and bundle; no test, no proof, nothing that tools made, and no name in anybody's way."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    bundle = {name.removeprefix("backstop/_bundle/") for name in names if "/_bundle/" in name}
    roots = {name.split("/")[0] for name in names}

    assert {"backstop", "pytest_backstop.py"} == {root for root in roots if not root.endswith(".dist-info")}
    assert {"fixtures", "sandbox", "suites"} == {name.split("/")[0] for name in bundle if "/" in name}
    assert {
        "conftest.py",
        "package-lock.json",
        "sandbox/bot/wrangler.toml",
        "sandbox/edge/tailer.js",
        "sandbox/faults/health-503.js",
        "suites/drills/scenarios/health-check-failure.toml",
    } <= bundle
    assert [] == [
        name for name in names if re.search(r"__pycache__|/(?:tests|proof|benign|\.wrangler)/", name)
    ]


def test_wheel_holds_no_path_of_this_machine(wheel: Path) -> None:
    """Nor what would tell where it was built."""
    with zipfile.ZipFile(wheel) as archive:
        found = [name for name in archive.namelist() if str(ROOT).encode() in archive.read(name)]

    assert [] == found


def test_a_bot_is_drilled_from_its_own_repository(ready: Installed, bot: Path) -> None:
    """Everything that the session leaves lies there, and nothing where backstop is installed."""
    before = _files(ready.library)

    ended = ready.run("backstop", "run", *DRILL, cwd=bot)

    assert 0 == ended.code, ended.output
    assert () == ended.left
    verdict = json.loads((bot / "reports" / "latest" / "verdict.json").read_text())
    assert "verified" == verdict["verdict"]
    assert ["of-the-bot"] == list(verdict["scenarios"])
    assert (bot / "reports" / "latest" / "report.html").is_file()
    assert (bot / ".backstop").is_dir()
    assert before == _files(ready.library)


def test_pytest_itself_is_handed_over_to_the_session(ready: Installed, bot: Path) -> None:
    """The same words as in a checkout; the bot's own folders and settings are not taken for ours."""
    (bot / "fixtures").mkdir()
    (bot / "fixtures" / "__init__.py").write_text("raise RuntimeError('theirs')\n")
    (bot / "conftest.py").write_text("raise RuntimeError('theirs')\n")
    (bot / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")

    ended = ready.run("python", "-P", "-m", "pytest", "-m", "post_rollback", "--target", "local", cwd=bot)

    assert 0 == ended.code, ended.output
    verdict = json.loads((bot / "reports" / "latest" / "verdict.json").read_text())
    assert ("verified", "post_rollback") == (verdict["verdict"], verdict["session"])


def test_pytest_of_a_checkout_is_handed_over_too(bot: Path, tmp_path: Path) -> None:
    """Where its environment is active in a bot's repository."""
    checkout = Installed(Path(sys.prefix), tmp_path / "cache")

    ended = checkout.run("python", "-P", "-m", "pytest", "-m", "post_rollback", "--target", "local", cwd=bot)

    assert 0 == ended.code, ended.output
    assert (bot / "reports" / "latest" / "report.html").is_file()


def test_a_rollback_needs_no_checkout_either(ready: Installed, bot: Path) -> None:
    """Practice, with real wrangler."""
    words = ("rollback", "local", "practice", "--fault", "health-503")

    ended = ready.run("backstop", *words, cwd=bot)

    assert 0 == ended.code, ended.output
    assert "VERIFIED" in ended.output


@pytest.mark.parametrize("words", [(), ("-m", "drill"), ("test_bot.py", "-m", "drill"), ("--help",)])
def test_a_bots_own_tests_run_as_without_us(
    installed: Installed, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Same outcomes, same output, though a marker, an option and a fixture have names of ours."""
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_bot.py").write_text(TESTS)
    if "test_bot.py" in words:
        (tmp_path / "targets.toml").write_text("")

    in_order = "-p no:randomly"

    without, ended = (
        installed.run("python", "-m", "pytest", *words, cwd=tmp_path, more={"PYTEST_ADDOPTS": options})
        for options in (f"{in_order} -p no:backstop", in_order)
    )

    assert without.code == ended.code
    assert _comparable(without.output) == _comparable(ended.output)
    assert not (tmp_path / "reports").exists()


def test_without_wrangler_the_next_step_is_said(installed: Installed, bot: Path, tmp_path: Path) -> None:
    """Wrong usage, in a session as in a rollback, and nothing is installed by either."""
    empty = tmp_path / "cache"
    empty.mkdir()
    more = {"XDG_CACHE_HOME": str(empty)}

    drill = installed.run("backstop", "run", *DRILL, cwd=bot, more=more)
    rollback = installed.run(
        "backstop", "rollback", "local", "x", "--fault", "health-503", cwd=bot, more=more
    )

    for ended in (drill, rollback):
        assert 4 == ended.code, ended.output
        assert "backstop setup" in ended.output
    assert [] == list(empty.iterdir())


def test_setup_is_done_where_wrangler_is_there(ready: Installed, tmp_path: Path) -> None:
    """Offline, and at once."""
    ended = ready.run("backstop", "setup", cwd=tmp_path)

    assert 0 == ended.code
    assert "up to date" in ended.output


def test_options_are_explained_by_the_command(installed: Installed, tmp_path: Path) -> None:
    """What follows ``run`` is pytest's, also what looks like an option of the command."""
    ended = installed.run("backstop", "run", "--help", cwd=tmp_path)

    assert 0 == ended.code
    assert "--rollback-on=SEVERITIES" in ended.output


def _files(folder: Path) -> set[str]:
    """What lies in a folder, but for what Python compiles."""
    return {str(path) for path in folder.rglob("*") if "__pycache__" not in path.parts}


def _comparable(output: str) -> str:
    """Output without what differs from run to run, and our name in the list of plugins."""
    return re.sub(r"backstop-[\d.]+(?:, )?|in [\d.]+s|\d{4}_\d{6}|={3,}", "", output)
