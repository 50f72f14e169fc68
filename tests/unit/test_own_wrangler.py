"""The wrangler of a bot's own project, wherever its package manager put it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backstop.cloudflare.own_wrangler import own_toolchain
from backstop.cloudflare.toolchain import NotInstalled
from backstop.provision import open_place
from backstop.settings.worker import with_worker
from tests.unit.targetsfiles import bot_in, complaints, loaded

SANDBOX = '[targets.t]\nsandbox = true\nproject = "bot"\n'


def _put(package: Path, version: object = "4.100.0") -> Path:
    """A wrangler of this version."""
    (package / "bin").mkdir(parents=True)
    (package / "bin" / "wrangler.js").touch()
    (package / "package.json").write_text(json.dumps({"name": "wrangler", "version": version}))
    return package


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A bot in a workspace of several packages."""
    project = tmp_path / "workspace" / "packages" / "bot"
    project.mkdir(parents=True)
    return project


def test_it_is_found_in_the_project_first(project: Path) -> None:
    """Before what the workspace has."""
    own = _put(project / "node_modules" / "wrangler")
    _put(project.parents[1] / "node_modules" / "wrangler")

    assert own / "bin" / "wrangler.js" == own_toolchain(project).wrangler


def test_it_is_found_above_a_project(project: Path) -> None:
    """A workspace keeps what several packages need at its root."""
    hoisted = _put(project.parents[1] / "node_modules" / "wrangler")

    assert hoisted / "bin" / "wrangler.js" == own_toolchain(project).wrangler


def test_it_is_found_behind_a_link(project: Path) -> None:
    """Some package managers keep packages in a store, and link to them."""
    modules = project / "node_modules"
    _put(modules / ".store" / "wrangler@4.100.0" / "node_modules" / "wrangler")
    (modules / "wrangler").symlink_to(".store/wrangler@4.100.0/node_modules/wrangler")

    tools = own_toolchain(project)

    assert modules / "wrangler" / "bin" / "wrangler.js" == tools.wrangler
    assert modules / ".cache" / "node" == tools.compiled


def test_a_project_that_is_not_installed_says_what_to_do(project: Path) -> None:
    """One sentence, and the two ways on."""
    with pytest.raises(NotInstalled, match=r"no node_modules/wrangler in .*bot or above it") as caught:
        own_toolchain(project)

    assert "npm ci" in caught.value.remedy
    assert "use ours" in caught.value.remedy


@pytest.mark.parametrize("version", ["4.74.0", "4.75.0-beta.1", "4.153.0", "5.0.0"])
def test_a_version_that_can_do_it_is_taken(project: Path, version: str) -> None:
    """From the first that has all that we use."""
    _put(project / "node_modules" / "wrangler", version)

    assert own_toolchain(project).wrangler.is_file()


@pytest.mark.parametrize("version", ["4.73.9", "3.114.0", "0.0.0-a1b2c3", "newest", None])
def test_a_version_that_is_too_old_is_named(project: Path, version: object) -> None:
    """What was found, where, and what is wanted."""
    _put(project / "node_modules" / "wrangler", version)

    with pytest.raises(NotInstalled, match=f"found {version} in .*, wanted 4.74.0 or newer"):
        own_toolchain(project)


def test_a_package_without_a_version_is_too_old(project: Path) -> None:
    """Whatever its manifest is."""
    package = _put(project / "node_modules" / "wrangler")
    (package / "package.json").write_text("[]")

    with pytest.raises(NotInstalled, match="found no version"):
        own_toolchain(project)


def test_a_session_elsewhere_goes_on_without_it(tmp_path: Path) -> None:
    """A look needs none; why there is none is said."""
    bot_in(tmp_path)
    text = '[targets.t]\nurl = "https://bot.example.workers.dev"\nproject = "bot"\nwrangler = "project"\n'
    target = with_worker(
        loaded(tmp_path, text, {"CLOUDFLARE_API_TOKEN": "made-up", "CLOUDFLARE_ACCOUNT_ID": "account"})
    )
    said: list[str] = []

    with open_place(target, "run", said.append) as place:
        assert place.wrangler is None
    assert "the project has no wrangler" in "".join(said)


@pytest.mark.parametrize(
    ("line", "own"), [("", False), ('wrangler = "bundled"\n', False), ('wrangler = "project"\n', True)]
)
def test_a_target_says_which_it_wants(tmp_path: Path, line: str, own: bool) -> None:
    """Ours unless it says so."""
    assert own == loaded(tmp_path, SANDBOX + line).own_wrangler


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SANDBOX + 'wrangler = "projekt"\n', "one of bundled, project"),
        (
            '[targets.t]\nurl = "https://bot.example.workers.dev"\nworker = "w"\nwrangler = "project"\n',
            "without project",
        ),
    ],
)
def test_a_target_that_can_not_have_it_is_told(tmp_path: Path, text: str, expected: str) -> None:
    """A word that is none of the two, and a target that has no project."""
    assert any(expected in complaint for complaint in complaints(tmp_path, text))
