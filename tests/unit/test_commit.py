"""From which commit a project is built: what git shows, and why it shows none."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from backstop.commit import commit_of, read_commit
from backstop.model.errors import CouldNotLook

_BY = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com")
_DISTRUSTS = """#!/bin/sh
echo "fatal: detected dubious ownership in repository at '/x'" >&2
echo "	git config --global --add safe.directory /x" >&2
exit 128
"""


def _git(folder: Path, *words: str) -> str:
    """Real git, with no settings but its own."""
    found = subprocess.run(
        [shutil.which("git") or "git", "-C", str(folder), *_BY, *words],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return found.stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a folder of a repository with one commit."""
    folder = tmp_path / "repository" / "bot"
    folder.mkdir(parents=True)
    (folder / "index.js").write_text("export default {};\n")
    _git(folder.parent, "init", "--quiet")
    _git(folder.parent, "add", "--all")
    _git(folder.parent, "commit", "--quiet", "--message=first")
    return folder


def test_a_clean_project_is_its_commit(project: Path) -> None:
    """On a branch or on none; what is changed beside the project is no part of it."""
    (project.parent / "beside.txt").write_text("new")
    head = _git(project, "rev-parse", "HEAD")

    on_a_branch = str(read_commit(project))
    _git(project, "checkout", "--quiet", "--detach")

    assert f"{head[:12]}, clean" == on_a_branch == str(read_commit(project))


def test_what_differs_from_the_commit_is_counted(project: Path) -> None:
    """What was changed, and what git does not know yet."""
    (project / "index.js").write_text("export default 1;\n")
    (project / "new.js").write_text("")

    assert 2 == read_commit(project).dirty


def test_nothing_is_written_into_the_repository(project: Path) -> None:
    """Git would note down what it has found out of the files: a plan changes nothing."""
    os.utime(project / "index.js", (1_000_000_000, 1_000_000_000))
    before = (project.parent / ".git" / "index").read_bytes()

    assert 0 == read_commit(project).dirty
    assert before == (project.parent / ".git" / "index").read_bytes()


def test_a_project_without_a_commit_says_so(tmp_path: Path) -> None:
    """Where there is no repository, and where it has none yet."""
    bare, empty = tmp_path / "bare", tmp_path / "empty"
    for folder in (bare, empty):
        folder.mkdir()
    _git(empty, "init", "--quiet")

    for folder in (bare, empty):
        with pytest.raises(CouldNotLook, match="in no git repository with a commit: fatal: ") as caught:
            read_commit(folder)
        assert "commit it" in caught.value.remedy


def test_a_repository_that_git_does_not_trust_is_no_missing_one(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container often runs as another user than the one who checked it out."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "git").write_text(_DISTRUSTS)
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    told = commit_of(project)

    assert told.startswith(f"not known: the repository of {project} is another user's")
    assert told.endswith(f"→ git config --global --add safe.directory {project}, or its root")
