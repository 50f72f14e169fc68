"""Where the tools of an installed backstop are: in a folder of its user's cache, one for each release."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backstop.cloudflare import toolchain
from backstop.cloudflare.toolchain import NotInstalled, find_toolchain, tools_directory
from backstop.model.errors import UsageError
from backstop.root import project_root


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bundle of an installed wheel."""
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(toolchain, "is_installed", lambda: True)
    monkeypatch.setattr(toolchain, "project_root", lambda: tmp_path)
    return tmp_path


def test_a_checkout_has_its_tools_beside_its_sources() -> None:
    """Where ``make setup`` puts them."""
    assert project_root() == tools_directory()


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("/caches/mine", "/caches/mine/backstop"),
        ("", "/home/someone/.cache/backstop"),
        ("not/absolute", "/home/someone/.cache/backstop"),
    ],
)
def test_the_cache_is_that_of_the_user(
    root: Path, monkeypatch: pytest.MonkeyPatch, named: str, expected: str
) -> None:
    """As other programs find it; a relative name is to be ignored."""
    monkeypatch.setenv("XDG_CACHE_HOME", named)
    monkeypatch.setenv("HOME", "/home/someone")

    assert expected == str(tools_directory().parent)


def test_each_lock_file_has_a_folder_of_its_own(root: Path) -> None:
    """So that two releases beside each other have the wrangler that each was tested with."""
    before = tools_directory()
    (root / "package-lock.json").write_text('{"lockfileVersion": 3}')

    assert before != tools_directory()
    assert before.parent == tools_directory().parent


def test_a_user_without_a_home_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some containers have users that nobody knows."""

    def nowhere() -> Path:
        message = "Could not determine home directory."
        raise RuntimeError(message)

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nowhere)

    with pytest.raises(UsageError, match="no home directory") as caught:
        tools_directory()

    assert "XDG_CACHE_HOME" in caught.value.remedy


def test_what_is_not_there_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its place."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "cache"))

    with pytest.raises(NotInstalled, match=r"there is no .*/cache/backstop/wrangler-"):
        find_toolchain()


def test_the_tools_of_the_project_are_found() -> None:
    """Native Node and wrangler's own script, in this clone."""
    tools = find_toolchain()

    assert os.access(tools.node, os.X_OK)
    assert "node" == tools.node.name
    assert project_root() / "node_modules" / "wrangler" / "bin" / "wrangler.js" == tools.wrangler


def test_a_project_that_is_not_set_up_says_what_to_do(tmp_path: Path) -> None:
    """One sentence and the next step."""
    with pytest.raises(UsageError, match="run make setup"):
        find_toolchain(tmp_path)
