"""A drill in which the bot gives its token away: real wrangler, real workerd, and nothing of it is left."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from backstop.environment import read_environment
from backstop.process import run
from tests.leaks.planted import DISCORD_TOKEN, files_of
from tests.plugins.conftest import ROOT

TOKEN = re.compile(r"\b[MNO][A-Za-z0-9_-]{16,29}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,45}")


def test_drill_of_a_leaked_secret_leaves_none(tmp_path: Path) -> None:
    """The sandbox makes the token for the run: it is in no report, no state and no file of wrangler's."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "targets.toml").write_text(
        f'[targets.mine]\nsandbox = true\nproject = "{ROOT / "sandbox" / "bot"}"\n'
    )
    planted = frozenset(tmp_path.rglob("*"))
    words = ["-m", "drill", "--scenario=leaked-secret", "--target=mine", "-rA", "-vv", "-pno:cacheprovider"]
    words += [f"--targets-file={tmp_path / 'targets.toml'}", f"--reports={tmp_path / 'reports'}"]
    words += [f"--log-file={tmp_path / 'session.log'}", "--log-file-level=DEBUG"]
    environment = {**read_environment().handed_down(), "TMPDIR": str(tmp_path / "tmp")}

    ended = run([sys.executable, "-m", "pytest", *words], env=environment, cwd=ROOT, limit=500.0)

    files = {str(path.relative_to(tmp_path)): text for path, text in files_of(tmp_path, planted).items()}
    assert 0 == ended.returncode, ended.stdout + ended.stderr
    assert "noticed" in ended.stdout
    assert any("[redacted" in text for name, text in files.items() if name.endswith("journal.jsonl"))
    assert [] == TOKEN.findall(ended.stdout + ended.stderr)
    assert {} == {name: found for name, text in files.items() if (found := TOKEN.findall(text))}


def test_search_would_find_a_token() -> None:
    """So that nothing found means something."""
    assert [DISCORD_TOKEN] == TOKEN.findall(f"token={DISCORD_TOKEN};")
