"""Faults and checks know each other: no fault without a check that notices it, no check without a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from backstop.model.errors import UsageError
from proof.manifest import BENIGN, FAULTS, SURROUNDINGS, Variant, load, select
from proof.results import BOTS
from proof.unprovable import UNPROVABLE
from tools.checks_table import TABLE, Line, table

FEWEST_BENIGN = 12
VARIANTS = load()
FAULTY = [variant for variant in VARIANTS if not variant.benign]
SHIM = 'import * as bot from "the-bot";\nexport default bot.default;\n'
MANIFEST = 'changes = "Nothing."\nnoticed_by = ["health.status"]\nseverity = "low"\n'


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_every_variant_has_its_shim(variant: Variant) -> None:
    """A manifest without one says what is wrong around the bot instead."""
    assert variant.shim.is_file()
    assert 'from "the-bot"' in variant.shim.read_text(encoding="utf-8")
    assert variant.changes.endswith(".")
    assert variant.bots <= {bot.name for bot in BOTS}


@pytest.mark.parametrize("folder", [FAULTS, BENIGN], ids=["faults", "benign"])
def test_every_shim_has_its_manifest(folder: Path) -> None:
    """A shim that nobody reads is no proof."""
    assert {path.stem for path in folder.glob("*.js")} <= {variant.name for variant in VARIANTS}


@pytest.mark.parametrize("fault", FAULTY, ids=lambda fault: fault.name)
def test_every_fault_names_checks_that_exist(fault: Variant, checks: tuple[Line, ...]) -> None:
    """At least one, and each of them is a check."""
    named = fault.noticed_by | fault.degrades

    assert named
    assert set() == named - {check.id for check in checks}
    assert set() == fault.noticed_by & fault.degrades


def test_every_check_has_a_fault(checks: tuple[Line, ...]) -> None:
    """A check that can't go red is a defect; the few exceptions say what shows them red."""
    named = {check for fault in FAULTY for check in fault.noticed_by | fault.degrades}

    assert [] == sorted({check.id for check in checks} - named - UNPROVABLE.keys())


def test_exceptions_are_checks_and_have_reasons(checks: tuple[Line, ...]) -> None:
    """The table of exceptions holds nothing that is gone."""
    assert set() == UNPROVABLE.keys() - {check.id for check in checks}
    assert all(len(reason.split()) > 3 for reason in UNPROVABLE.values())


def test_there_are_benign_variants() -> None:
    """Enough of them to say that the suites look at what matters."""
    assert len(VARIANTS) - len(FAULTY) >= FEWEST_BENIGN


def test_the_table_of_checks_is_up_to_date(checks: tuple[Line, ...]) -> None:
    """docs/checks.md says what ``--list-checks`` says; `make docs` writes it."""
    assert TABLE.read_text(encoding="utf-8") == table(checks)


def _write(folder: Path, name: str, manifest: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(manifest)
    (folder / f"{name}.js").write_text(SHIM)
    return folder


def test_a_name_stands_for_one_variant(tmp_path: Path) -> None:
    """Also across faults and benign variants."""
    faults = _write(tmp_path / "faults", "same", MANIFEST)
    benign = _write(tmp_path / "benign", "same", 'changes = "Nothing."\n')

    with pytest.raises(UsageError, match="same"):
        load((faults,), (benign,))


@pytest.mark.parametrize(
    "manifest",
    [
        'noticed_by = ["a"]\n',
        'changes = "Nothing."\n',
        "changes = \n",
        MANIFEST + "around = { shaer = 50 }\n",
    ],
)
def test_a_wrong_manifest_is_told(tmp_path: Path, manifest: str) -> None:
    """With its path, or with what it can't hold."""
    with pytest.raises(UsageError):
        load((_write(tmp_path, "wrong", manifest),), ())


def test_a_name_that_does_not_exist_is_told() -> None:
    """Rather than proving nothing."""
    with pytest.raises(UsageError, match="helth-503"):
        select(VARIANTS, ["helth-503"])


def test_the_folders_are_there() -> None:
    """None of them was moved without the proof."""
    assert all(folder.is_dir() for folder in (FAULTS, BENIGN, SURROUNDINGS))
