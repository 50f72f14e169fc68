"""The state of a team on a branch, kept by the steps of the workflow: real git, in this directory."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from backstop.process import run
from tests.schedules.instructions import block_of
from tools.schedules.files import files

WORKFLOW = files()["github-drills.yml"]
BASH = shutil.which("bash") or "bash"


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A repository with one commit, bare."""
    _git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote")
    first = _clone(tmp_path / "remote", tmp_path / "first")
    (first / "bot.js").write_text("")
    _git(first, "add", "--all")
    _git(first, "commit", "--quiet", "--message=bot")
    _git(first, "push", "--quiet", "origin", "HEAD:main")
    return tmp_path / "remote"


def _clone(remote: Path, into: Path) -> Path:
    _git(remote.parent, "clone", "--quiet", str(remote), str(into))
    return into


def _git_env() -> dict[str, str]:
    who = {
        f"GIT_{role}_{what}": "x@example.com"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    return {**os.environ, **who, "GIT_CONFIG_GLOBAL": "/dev/null", "GITHUB_RUN_ID": "7"}


def _git(folder: Path, *words: str) -> str:
    ended = run(["git", *words], env=_git_env(), cwd=folder, limit=60)
    assert 0 == ended.returncode, ended.stderr
    return ended.stdout


def _step(name: str, folder: Path) -> None:
    ended = run(
        [BASH, "-eo", "pipefail", "-c", block_of(WORKFLOW, name)], env=_git_env(), cwd=folder, limit=60
    )
    assert 0 == ended.returncode, ended.stdout + ended.stderr


def test_state_of_a_team_is_kept_on_its_branch(tmp_path: Path, remote: Path) -> None:
    """The first run makes the branch, two at the same time both get theirs in, the next one has all of it."""
    one, two = _clone(remote, tmp_path / "one"), _clone(remote, tmp_path / "two")
    for clone in (one, two):
        _step("fetch", clone)
        (clone / ".backstop-state" / "drills").mkdir()
        (clone / ".backstop-state" / "drills" / f"{clone.name}.json").write_text(clone.name)
        assert "" == _git(clone, "status", "--porcelain")
    for clone in (one, two):
        _step("keep", clone / ".backstop-state")
    three = _clone(remote, tmp_path / "three")
    _step("fetch", three)
    _step("keep", three / ".backstop-state")

    state = three / ".backstop-state"
    assert ["one.json", "two.json"] == sorted(path.name for path in (state / "drills").iterdir())
    assert not (state / "bot.js").exists()
    assert 2 == len(_git(state, "log", "--format=%s").splitlines())


def test_looks_of_monitors_stay_off_the_branch(tmp_path: Path, remote: Path) -> None:
    """It would grow by each of them; how long the bot was up is on it."""
    one = _clone(remote, tmp_path / "one")
    _step("fetch", one)
    for name in ("looks/health/1.json", "counts/1.json", "watched/2026-11-1.json"):
        path = one / ".backstop-state" / "monitors" / "prod" / name
        path.parent.mkdir(parents=True)
        path.write_text("{}")
    _step("keep", one / ".backstop-state")
    two = _clone(remote, tmp_path / "two")
    _step("fetch", two)

    found = [path.name for path in (two / ".backstop-state").rglob("*.json")]
    assert ["2026-11-1.json"] == found


def test_what_two_machines_replaced_by_something_alike_fits(tmp_path: Path, remote: Path) -> None:
    """Each dropped the oldest entry and wrote a newer one: to git a rename, each to another name."""
    text = "".join(f"line {nth} of an entry\n" for nth in range(20))
    first = _clone(remote, tmp_path / "first-of-all")
    _step("fetch", first)
    (first / ".backstop-state" / "old.json").write_text(text)
    _step("keep", first / ".backstop-state")
    one, two = _clone(remote, tmp_path / "one"), _clone(remote, tmp_path / "two")
    for clone in (one, two):
        _step("fetch", clone)
        (clone / ".backstop-state" / "old.json").unlink()
        (clone / ".backstop-state" / f"{clone.name}.json").write_text(text + clone.name)
    for clone in (one, two):
        _step("keep", clone / ".backstop-state")
    three = _clone(remote, tmp_path / "three")
    _step("fetch", three)

    assert ["one.json", "two.json"] == sorted(p.name for p in (three / ".backstop-state").glob("*.json"))
