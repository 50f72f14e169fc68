"""Projects that can't be used: one clear sentence, what to type, the documented exit code, no files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drill.conftest import write_bot
from tests.onboard.conftest import Type, copy_of

GOOD = "export default { fetch() { return new Response('x'); } };"
CONFIG = 'name = "x"\nmain = "src/index.js"\ncompatibility_date = "2026-10-01"\n'


@pytest.mark.parametrize(
    ("source", "config", "ends"),
    [
        pytest.param(GOOD, "name = \n", (4, "wrangler.toml:1: not valid TOML"), id="does not parse"),
        pytest.param("export default {", CONFIG, (4, "index.js"), id="no JavaScript"),
        pytest.param('throw new Error("no luck");' + GOOD, CONFIG, (1, "no luck"), id="throws at start"),
    ],
)
def test_a_bot_that_can_not_be_deployed(
    init: Type, tmp_path: Path, source: str, config: str, ends: tuple[int, str]
) -> None:
    """As a session would say it."""
    code, says = ends
    project = write_bot(tmp_path / "bot", source, config)

    ended = init(str(project))

    assert ended.code == code, ended.output
    assert says in ended.stderr
    assert "Traceback" not in ended.output
    assert not (project / "targets.toml").exists()
    assert not ended.left


def test_packages_that_are_not_installed(init: Type, tmp_path: Path) -> None:
    """By the installer whose lock file is there, and where."""
    project = copy_of("typescript", tmp_path)
    (project / "node_modules").unlink()
    (project / "pnpm-lock.yaml").touch()

    ended = init(str(project))

    assert ended.code == 4, ended.output
    assert f"install the bot's packages first: cd {project} && pnpm install" in ended.stderr


def test_a_package_that_nobody_lists(init: Type, tmp_path: Path) -> None:
    """Installing would not bring it."""
    project = write_bot(tmp_path / "bot", f'import "@who/knows/this";{GOOD}')

    ended = init(str(project))

    assert ended.code == 4, ended.output
    assert "package.json does not list @who/knows: add it" in ended.stderr


def test_an_environment_that_does_not_exist(init: Type, tmp_path: Path) -> None:
    """Those that do are named."""
    project = copy_of("monorepo", tmp_path) / "packages" / "bot"

    ended = init(str(project), "--env", "prodution")

    assert ended.code == 4, ended.output
    assert 'did you mean "production"' in ended.stderr
    assert "it has: staging, production" in ended.stderr


def test_a_monorepo_with_several(init: Type, tmp_path: Path) -> None:
    """One command for each, to be typed as it stands."""
    project = copy_of("monorepo", tmp_path)

    ended = init(str(project))

    assert ended.code == 4, ended.output
    for name in ("bot", "site"):
        assert f"    backstop init {project}/packages/{name}\n" in ended.stderr


def test_a_worker_that_is_no_bot_is_told_what_it_lacks(init: Type, tmp_path: Path) -> None:
    """The file is written all the same: what is wrong with the bot is for the bot to mend."""
    project = copy_of("monorepo", tmp_path) / "packages" / "site"

    ended = init(str(project))

    assert ended.code == 0, ended.output
    assert "no path answers a signed PING with PONG" in ended.stdout
    assert (project / "targets.toml").exists()
