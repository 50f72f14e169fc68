"""Bots that can't be well: each a clear sentence, the documented exit code, nothing left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drill.conftest import Run, sandboxed, write_bot

WELL = """
export default {
  async fetch(request) {
    return new Response("fine", { status: request.method === "GET" ? 200 : 401 });
  },
};
"""
SILENT = "export default { async fetch() { return new Promise(() => {}); } };"
THROWS_AT_START = 'throw new Error("no luck today"); export default { fetch() {} };'
NO_JAVASCRIPT = "export default { fetch( { } this is no JavaScript"
IMPORTS_NOTHING = 'import "./nowhere.js"; export default { fetch() {} };'
ONLY_REACHABLE = 'health = { path = "/", text = "fine" }\n'


def test_a_small_bot_is_reachable(run: Run, tmp_path: Path) -> None:
    """The counterpart of all below: what is well passes."""
    targets = sandboxed(write_bot(tmp_path / "bot", WELL), ONLY_REACHABLE)

    ended = run("-m", "health", "--target", "mine", targets=targets)

    assert ended.code == 0, ended.output
    assert not ended.left


@pytest.mark.parametrize(
    ("source", "code", "says"),
    [
        pytest.param(THROWS_AT_START, 1, "no luck today", id="throws at start"),
        pytest.param(NO_JAVASCRIPT, 4, "index.js", id="no JavaScript"),
        pytest.param(IMPORTS_NOTHING, 4, "nowhere.js", id="imports what is not there"),
    ],
)
def test_a_bot_that_can_not_be_deployed(run: Run, tmp_path: Path, source: str, code: int, says: str) -> None:
    """It throws at start: the bot is wrong. It does not build: what was typed is wrong."""
    targets = sandboxed(write_bot(tmp_path / "bot", source), ONLY_REACHABLE)

    ended = run("-m", "health", "--target", "mine", targets=targets)

    assert ended.code == code, ended.output
    assert says in ended.output
    assert "Traceback" not in ended.output
    assert not ended.left


def test_a_bot_that_never_answers_is_failed(run: Run, tmp_path: Path) -> None:
    """Time runs out, the control probe answers: the bot is wrong."""
    targets = sandboxed(write_bot(tmp_path / "bot", SILENT), ONLY_REACHABLE)

    ended = run("-m", "health", "--target", "mine", targets=targets)

    assert ended.code == 1, ended.output
    assert not ended.left


@pytest.mark.parametrize(
    ("config", "says"),
    [
        pytest.param('name = "x"\n', "main", id="no main"),
        pytest.param('name = "x"\nmain = "gone.js"\n', "gone.js", id="main that is not there"),
        pytest.param("name = \n", "wrangler.toml", id="does not parse"),
    ],
)
def test_a_project_that_is_none(run: Run, tmp_path: Path, config: str, says: str) -> None:
    """Wrong usage, said before anything is started."""
    targets = sandboxed(write_bot(tmp_path / "bot", WELL, config))

    ended = run("-m", "health", "--target", "mine", targets=targets)

    assert ended.code == 4, ended.output
    assert says in ended.output
    assert "Traceback" not in ended.output


def test_all_faults_of_a_targets_file_are_told_at_once(run: Run) -> None:
    """Each with its key, and the nearest right one."""
    ended = run(
        "--target", "mine", targets='[targets.mine]\nsandbx = true\nprojct = "x"\nblocking = "hihg"\n'
    )

    assert ended.code == 4, ended.output
    for wanted in ("sandbox", "project", "high"):
        assert wanted in ended.output
    assert "Traceback" not in ended.output
