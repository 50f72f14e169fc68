"""A targets file that holds, and a verified drill in three commands, for bots of different make."""

from __future__ import annotations

import json
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.onboard.conftest import Type, Typed, copy_of

REPLY = {"expect": {"type": 4}}


def _target(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((project / "targets.toml").read_text())["targets"]["local"]
    return found


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(
            "plain-js-healthz",
            {
                "health": {"path": "/healthz", "status": 200, "text": "all is well"},
                "interactions_path": "/interactions",
                "secrets": {
                    "BOT_TOKEN": "sandbox:token",
                    "PUBLIC_KEY": "sandbox:public_key",
                    "ANNOUNCE_CHANNEL_ID": "100000000000000001",
                },
                "commands": [{"name": "hello"} | REPLY, {"name": "announce"} | REPLY],
            },
            id="plain text, own names for secrets, no headers",
        ),
        pytest.param(
            "no-health",
            {
                "health": False,
                "interactions_path": "/",
                "secrets": {"APP_ID": "sandbox:application_id"},
                "commands": [{"name": "whoami"} | REPLY],
            },
            id="no health, its key among the variables",
        ),
        pytest.param(
            "monorepo/packages/bot",
            {
                "health": {"path": "/api/health", "status": 200, "json": {"ok": True}},
                "interactions_path": "/api/interactions",
            },
            id="one of a monorepo, JSON",
        ),
    ],
)
def test_a_bot_is_drilled_after_three_commands_at_most(
    init: Type, type_in: Type, tmp_path: Path, path: str, expected: dict[str, Any]
) -> None:
    """What is found is written; what is printed is typed as it stands; the drill is verified."""
    begun, project = _begun(init, tmp_path, path)

    target = _target(project)
    assert expected == {name: target.get(name) for name in expected}
    assert (project / ".env.example").exists()
    assert 1 <= len(begun.next) <= 2
    for line in begun.next:
        program, *words = shlex.split(line)
        ended = type_in(program, *words)
        assert ended.code == 0, ended.output
        assert not ended.left
    verdict = json.loads((tmp_path / "reports" / "latest" / "verdict.json").read_text())
    assert ("drill", "verified") == (verdict["session"], verdict["verdict"])
    assert {"verified"} == {scenario["verdict"] for scenario in verdict["scenarios"].values()}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(
            "hono",
            {
                "health": {"path": "/", "status": 200, "text": "The bot is up."},
                "interactions_path": "/api/interactions",
            },
            id="Hono, a text",
        ),
        pytest.param(
            "itty",
            {"health": False, "interactions_path": "/discord"},
            id="itty-router in TypeScript, no health",
        ),
        pytest.param(
            "wasm",
            {"health": {"path": "/status", "status": 200, "json": {"ok": True}}, "interactions_path": "/"},
            id="a build of its own, WebAssembly",
        ),
    ],
)
def test_what_a_bot_of_another_make_has_is_found(
    init: Type, tmp_path: Path, path: str, expected: dict[str, Any]
) -> None:
    """By asking it; a first look with that finds it well, and only a drill is left to do."""
    begun, project = _begun(init, tmp_path, path)

    target = _target(project)
    assert expected == {name: target.get(name) for name in expected}
    assert "first look: VERIFIED" in begun.stdout
    (drill,) = begun.next
    assert drill.startswith("pytest -m drill --target local")


def _begun(init: Type, folder: Path, path: str) -> tuple[Typed, Path]:
    """What ``backstop init`` wrote of a copy of a bot, and the copy."""
    copy_of(path.partition("/")[0], folder)
    project = folder / path

    begun = init(str(project))

    assert begun.code == 0, begun.output
    assert not begun.left
    return begun, project


def test_an_environment_is_taken_when_it_is_named(init: Type, tmp_path: Path) -> None:
    """And only printed where nothing is to be written."""
    project = copy_of("monorepo", tmp_path) / "packages" / "bot"

    ended = init(str(project), "--env", "production", "--print")

    assert ended.code == 0, ended.output
    text, _, _ = ended.stdout.partition("# --- .env.example")
    target = tomllib.loads(text)["targets"]["local"]
    assert (target["wrangler_env"], target["health"]["path"]) == ("production", "/api/health")
    assert not (project / "targets.toml").exists()
    assert not (project / ".env.example").exists()


def test_nothing_is_overwritten(init: Type, tmp_path: Path) -> None:
    """It says so at once, and what to type instead."""
    project = copy_of("no-health", tmp_path)
    (project / "targets.toml").write_text("mine\n")

    ended = init(str(project))

    assert ended.code == 4
    assert "is there already, and is left as it is" in ended.stderr
    assert f"backstop init {project} --print" in ended.stderr
    assert (project / "targets.toml").read_text() == "mine\n"
    assert not (project / ".env.example").exists()


def test_files_go_where_they_are_wanted_and_leave_what_is_there(init: Type, tmp_path: Path) -> None:
    """Paths in them are relative to that place; an .env.example of the bot's own stays."""
    project = copy_of("no-health", tmp_path)
    into = tmp_path / "elsewhere"
    into.mkdir()
    (into / ".env.example").write_text("MINE=\n")

    ended = init(str(project / "wrangler.jsonc"), "--into", str(into))

    assert ended.code == 0, ended.output
    assert _target(into)["project"] == "../no-health"
    assert (into / ".env.example").read_text() == "MINE=\n"
    assert "CLOUDFLARE_API_TOKEN=" in ended.stdout
