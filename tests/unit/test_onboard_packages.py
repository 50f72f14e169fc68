"""How a bot's packages are installed, as far as its files tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.onboard.packages import packages_of

LISTED = '{"dependencies": {"hono": "4"}, "devDependencies": {"wrangler": "4"}}'


@pytest.mark.parametrize(
    ("lock", "command"),
    [
        (None, "npm install"),
        ("package-lock.json", "npm ci"),
        ("pnpm-lock.yaml", "pnpm install"),
        ("yarn.lock", "yarn install"),
        ("bun.lock", "bun install"),
        ("bun.lockb", "bun install"),
    ],
)
def test_the_lock_file_tells_the_installer(tmp_path: Path, lock: str | None, command: str) -> None:
    """Where none is, it is npm."""
    (tmp_path / "package.json").write_text(LISTED)
    if lock:
        (tmp_path / lock).touch()

    found = packages_of(tmp_path)

    assert f"cd {tmp_path} && {command}" == found.install
    assert frozenset({"hono", "wrangler"}) == found.listed


def test_a_workspace_is_installed_at_its_root(tmp_path: Path) -> None:
    """The lock file lies there, the package.json of the bot with the bot."""
    bot = tmp_path / "packages" / "bot"
    bot.mkdir(parents=True)
    (bot / "package.json").write_text(LISTED)
    (tmp_path / "package.json").write_text('{"workspaces": ["packages/*"]}')
    (tmp_path / "pnpm-lock.yaml").touch()

    found = packages_of(bot)

    assert (bot, f"cd {tmp_path} && pnpm install") == (found.home, found.install)


def test_what_lies_around_above_is_nobodys(tmp_path: Path) -> None:
    """Neither a lock file of another project nor anything above the repository."""
    bot = tmp_path / "repository" / "worker"
    (bot.parent / ".git").mkdir(parents=True)
    bot.mkdir()
    (bot.parent / "package.json").write_text(LISTED)
    (tmp_path / "package.json").write_text('{"workspaces": ["*"]}')
    (tmp_path / "yarn.lock").touch()

    found = packages_of(bot)

    assert f"cd {bot.parent} && npm install" == found.install
    assert not found.installed


def test_a_package_json_that_is_none_lists_nothing(tmp_path: Path) -> None:
    """Whatever it holds."""
    for text in ("", "[]", '{"dependencies": ["hono"]}', "[" * 100_000):
        (tmp_path / "package.json").write_text(text)

        assert frozenset() == packages_of(tmp_path).listed
