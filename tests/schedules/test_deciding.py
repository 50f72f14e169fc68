"""``docs/deciding.md``: what it says to type exists, its settings are read, and its table is the policy's."""

from __future__ import annotations

import re
from pathlib import Path

from backstop.environment import Environment
from backstop.model.severity import Severity
from backstop.policy.table import TABLE
from backstop.settings.targets import Targets, load_targets
from tests.schedules.instructions import ROOT, typed, wrong_in

PAGE = (ROOT / "docs" / "deciding.md").read_text(encoding="utf-8")


def test_what_is_to_be_typed_exists() -> None:
    """Options, sessions and commands, whether in a block or in a sentence."""
    lines = typed(PAGE)

    assert [] == wrong_in(lines)
    assert 2 < sum("pytest" in line for line in lines)


def test_its_settings_are_read(tmp_path: Path) -> None:
    """Each block as it stands there, beside a target that it may name."""
    blocks = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    address = 'url = "https://bot.example.workers.dev"\n'
    texts = (
        blocks[0].replace("project =", f"{address}project =") + f"[targets.prod]\n{address}",
        f"[targets.prod]\n{address}{blocks[1]}",
    )
    found = [_read(tmp_path / f"{number}.toml", text) for number, text in enumerate(texts)]

    assert 2 == len(blocks)
    assert "prod" == found[0].get("staging").pre_deploy.to
    assert 3 == len(found[1].get("prod").policy)


def _read(path: Path, text: str) -> Targets:
    path.write_text(text)
    return load_targets(path, Environment({}))


def test_it_names_every_row() -> None:
    """In the line of its severity; a measure without a threshold there is left out."""
    rows = [line for line in PAGE.splitlines() if re.match(r"\| [a-z]+ \| `", line)]
    lines = {
        severity: next((r for r in rows if r.startswith(f"| {severity.value} ")), "") for severity in Severity
    }
    missing = [
        (row.severity.value, row.name)
        for row in TABLE
        if row.measure is None and f"`{row.name}`" not in lines[row.severity]
    ]

    assert [] == missing
