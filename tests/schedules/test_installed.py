"""``docs/installed.md``: what it says to type exists, and its targets files and its workflow are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backstop.environment import Environment
from backstop.settings.targets import load_targets
from tests.schedules.instructions import ROOT, typed, wrong_in

PAGE = (ROOT / "docs" / "installed.md").read_text(encoding="utf-8")
ACTION = (ROOT / "action.yml").read_text(encoding="utf-8")


def test_what_is_to_be_typed_exists() -> None:
    """Options, sessions and commands, whether in a block or in a sentence."""
    lines = typed(PAGE)

    assert [] == wrong_in(lines)
    assert 10 < sum("backstop" in line for line in lines)


@pytest.mark.parametrize("name", ["mine", "staging"])
def test_its_targets_are_read(tmp_path: Path, name: str) -> None:
    """As they stand there."""
    text = "".join(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
    path = tmp_path / "targets.toml"
    path.write_text(text)

    assert name == load_targets(path, Environment({})).get(name).name


def test_its_workflow_and_its_table_name_inputs_that_exist() -> None:
    """And the table names all of them."""
    declared = set(re.findall(r"^  ([a-z-]+):$", ACTION.partition("outputs:")[0], re.MULTILINE))
    given = set(re.findall(r"^ {10}([a-z-]+): ", PAGE, re.MULTILINE))
    rows = PAGE.partition("| input |")[2].partition("\n\n")[0].splitlines()[2:]
    named = [name for row in rows for name in re.findall(r"`([a-z-]+)`", row.split("|")[1])]

    assert {"session", "target", "arguments"} == given
    assert sorted(declared) == sorted(named)
