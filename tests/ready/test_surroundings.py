"""What a night on call needs besides credentials: taken away, it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.cloudflare.toolchain import NotInstalled, Toolchain
from backstop.observe.readiness import tools
from backstop.observe.readiness.finding import Lacking
from tests.ready.desk import EVERYTHING, Desk, outcomes, said

ADDRESS = "ready.worker-and-url"


def test_an_address_of_another_worker(desk: Desk) -> None:
    """It shows a version that this worker never had."""
    sandbox = desk.incident.sandbox
    sandbox.put("another-worker", bindings=[{"name": "META", "type": "version_metadata"}])
    desk.url = sandbox.control("GET", "workers/another-worker").json()["url"]
    desk.give_token(*EVERYTHING, "API Tokens Read")

    found = desk.session("-m", "ready")

    assert 1 == found.code, found.output
    assert "fail" == outcomes(found)[ADDRESS]
    assert "which reference-bot never had" in said(found, ADDRESS)


def test_a_worker_that_is_not_there(desk: Desk, tmp_path: Path) -> None:
    """The account answers, and knows no such worker."""
    project = tmp_path / "other"
    project.mkdir()
    (project / "index.js").write_text("export default { fetch: () => new Response() };")
    (project / "wrangler.toml").write_text('name = "nobody"\nmain = "index.js"\n')
    desk.project = project
    desk.give_token(*EVERYTHING, "API Tokens Read")

    found = desk.session("-m", "ready")

    assert 1 == found.code, found.output
    assert "has no worker nobody" in said(found, ADDRESS)


def test_a_project_that_can_not_be_read(desk: Desk, tmp_path: Path) -> None:
    """No drill can build it; a rollback goes by the name that stands in it."""
    project = tmp_path / "half-mended"
    project.mkdir()
    (project / "wrangler.toml").write_text(f'name = "{desk.incident.worker}"\nmain = "gone.js"\n[broken\n')
    desk.project = project

    desk.give_token(*EVERYTHING, "API Tokens Read")

    found = desk.session("-m", "ready")

    assert "fail" == outcomes(found)["ready.project"], found.output
    assert "rollbacks: ready" in found.output
    assert "wrangler.toml:3: not valid TOML" in said(found, "ready.project")


def test_a_project_that_does_not_build(desk: Desk, tmp_path: Path) -> None:
    """It is built, and nothing of it is uploaded."""
    project = tmp_path / "broken"
    project.mkdir()
    (project / "index.js").write_text('import "./nowhere.js"; export default {};')
    (project / "wrangler.toml").write_text(
        'name = "reference-bot"\nmain = "index.js"\ncompatibility_date = "2026-01-01"\n'
    )
    desk.project = project
    desk.give_token(*EVERYTHING, "API Tokens Read")
    before = desk.incident.sandbox.result("GET", "workers/scripts/reference-bot/versions")

    found = desk.session("-m", "ready")

    assert "fail" == outcomes(found)["ready.project"], found.output
    assert "drills: not ready, for want of the bot's project builds" in found.output
    assert "rollbacks: ready" in found.output
    assert "nowhere.js" in said(found, "ready.project")
    assert before == desk.incident.sandbox.result("GET", "workers/scripts/reference-bot/versions")


def test_what_stands_in_the_way_of_a_rollback(desk: Desk) -> None:
    """Somebody deployed a moment ago: from where to where, why not now, and what to do."""
    desk.incident.begin()
    desk.give_token(*EVERYTHING, "API Tokens Read")

    found = desk.session("-m", "ready")

    assert 0 == found.code, found.output
    assert "degraded" == outcomes(found)["ready.rollback"]
    assert desk.incident.good[:8] in said(found, "ready.rollback")
    assert "it would be refused" in said(found, "ready.rollback")
    assert "rollbacks: ready, but see" in found.output


def _program(path: Path, says: str, code: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {code}\n")
    path.chmod(0o755)
    return path


def _having(monkeypatch: pytest.MonkeyPatch, tools_here: Toolchain) -> None:
    monkeypatch.setattr(tools, "find_toolchain", lambda: tools_here)


@pytest.mark.parametrize(
    ("says", "code", "found"),
    [
        ("v20.1.0", 0, "found Node 20.1.0, wanted 22.12"),
        ("", 127, "ended with 127"),
        ("v?", 0, "ended with 0"),
    ],
)
def test_a_node_that_will_not_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, says: str, code: int, found: str
) -> None:
    """Too old, broken, or something else; a rollback is possible without it, and that is said."""
    _having(monkeypatch, Toolchain(_program(tmp_path / "node", says, code), tmp_path / "w" / "x" / "y.js"))

    with pytest.raises(Lacking, match=found) as caught:
        tools.node()

    assert "--via api" in str(caught.value)


def test_a_node_that_will_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Any newer one."""
    _having(monkeypatch, Toolchain(_program(tmp_path / "node", "v25.0.1"), tmp_path / "w" / "x" / "y.js"))

    assert "Node 25.0.1 runs" == tools.node().how


def test_a_wrangler_of_another_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody knows what it does."""
    _having(monkeypatch, Toolchain(_program(tmp_path / "node", "3.0.0"), tmp_path / "w" / "x" / "y.js"))

    with pytest.raises(Lacking, match=r"found wrangler 3.0.0, wanted 4\."):
        tools.wrangler()


@pytest.mark.parametrize("look", [tools.node, tools.wrangler])
def test_nothing_is_installed(monkeypatch: pytest.MonkeyPatch, look: object) -> None:
    """What to type is said."""

    def missing() -> Toolchain:
        raise NotInstalled("there is no wrangler.js")

    monkeypatch.setattr(tools, "find_toolchain", missing)

    with pytest.raises(Lacking, match="make setup"):
        look()  # type: ignore[operator]
