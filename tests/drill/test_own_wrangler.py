"""``wrangler = "project"``: the bot's own wrangler builds and deploys it, or it is said why not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.drill.conftest import ROOT, Run, sandboxed

OWN = """\
require("node:fs").appendFileSync({marker}, process.argv.slice(2, 4).join(" ") + "\\n");
const words = [{real}, ...process.argv.slice(2)];
const ended = require("node:child_process").spawnSync(process.execPath, words, { stdio: "inherit" });
process.exitCode = ended.status;
"""


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """A copy of the reference bot."""
    return Path(shutil.copytree(ROOT / "sandbox" / "bot", tmp_path / "workspace" / "bot"))


def _depend(folder: Path, version: str) -> Path:
    """Put a wrangler into a folder that notes that it was called; where it notes that."""
    package, marker = folder / "node_modules" / "wrangler", folder / "called"
    (package / "bin").mkdir(parents=True)
    (package / "package.json").write_text(json.dumps({"name": "wrangler", "version": version}))
    real = str(ROOT / "node_modules" / "wrangler" / "bin" / "wrangler.js")
    source = OWN.replace("{marker}", json.dumps(str(marker))).replace("{real}", json.dumps(real))
    (package / "bin" / "wrangler.js").write_text(source)
    return marker


def test_the_bots_own_wrangler_is_run(run: Run, bot: Path) -> None:
    """That of the workspace that the bot is in, for the deploy and for the rollback."""
    called = _depend(bot.parent, "4.153.0")

    ended = run(
        *("-m", "post_rollback", "--target", "mine", "--rollback", "--reason", "practice"),
        *("--fault", "health-503"),
        targets=sandboxed(bot, 'wrangler = "project"\n'),
    )

    assert 0 == ended.code, ended.output
    words = called.read_text()
    assert "deploy" in words
    assert "rollback" in words


@pytest.mark.parametrize(
    ("version", "said"),
    [("3.114.0", "found 3.114.0 in"), ("", "there is no node_modules/wrangler in")],
    ids=["too old", "missing"],
)
def test_a_wrangler_that_will_not_do_is_wrong_usage(run: Run, bot: Path, version: str, said: str) -> None:
    """Nothing is deployed, and nothing else is taken in its place."""
    if version:
        _depend(bot, version)

    ended = run("--target", "mine", targets=sandboxed(bot, 'wrangler = "project"\n'))

    assert 4 == ended.code
    assert said in ended.output
    assert () == ended.left
