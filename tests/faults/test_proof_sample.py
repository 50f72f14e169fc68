"""A sample of the proof, through all of its machinery; `make proof` is the whole of it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from proof.manifest import ROOT, load
from tests.drill.conftest import by_itself

LIMIT = 120.0  # seconds; a sample takes a tenth of it on an idle machine
SEED = 20261124
FAULTS = 4
BENIGN = 2
HARMLESS = 'import * as bot from "the-bot";\nexport * from "the-bot";\nexport default bot.default;\n'
NAMES_HEALTH = 'changes = "Nothing."\nnoticed_by = ["health.status"]\nseverity = "critical"\n'
THROWS = 'export * from "the-bot";\nthrow new Error("no luck today");\n'


@dataclass(frozen=True)
class Ended:
    """Exit code, output, and what matrix.json says."""

    code: int
    output: str
    matrix: dict[str, Any]


Prove = Callable[..., Ended]


@pytest.fixture
def prove(tmp_path: Path) -> Prove:
    """Run ``python -m proof`` for the reference bot."""

    def go(*arguments: str) -> Ended:
        argv = [sys.executable, "-m", "proof", "--bot", "reference", "--reports", str(tmp_path / "reports")]
        ended = subprocess.run(
            [*argv, *arguments],
            cwd=ROOT,
            env=by_itself(),
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )
        matrix = tmp_path / "reports" / "matrix.json"
        found = json.loads(matrix.read_text()) if matrix.exists() else {}
        return Ended(ended.returncode, ended.stdout + ended.stderr, found)

    return go


def _sample(*, benign: bool, size: int) -> list[str]:
    fitting = [each.name for each in load() if each.benign is benign and each.fits("reference")]
    return random.Random(SEED).sample(fitting, min(size, len(fitting)))  # noqa: S311 - picks, hides nothing


def _only(names: Sequence[str]) -> list[str]:
    return [f"--only={name}" for name in names]


def _write(folder: Path, shims: dict[str, str]) -> Path:
    for name, shim in shims.items():
        (folder / f"{name}.js").write_text(shim)
        (folder / f"{name}.toml").write_text(NAMES_HEALTH)
    return folder


def test_a_sample_is_proven(prove: Prove) -> None:
    """Each fault is noticed by the checks that it names and by no other, benign variants by none."""
    faults, benign = _sample(benign=False, size=FAULTS), _sample(benign=True, size=BENIGN)

    ended = prove("--clean-looks=1", *_only([*faults, *benign]))

    assert ended.code == 0, ended.output
    assert ended.matrix["proven"] is True
    assert set(ended.matrix["bots"]["reference"]["stages"]) == {
        *("good", *faults, *benign),
        *("good-again", "clean-1"),
    }
    assert "reference: 5 of 9" in ended.output


def test_what_proves_nothing_is_told(prove: Prove, tmp_path: Path) -> None:
    """A shim that does nothing is missed, one that throws at start could not be; the others are judged."""
    folder = _write(tmp_path, {"harmless": HARMLESS, "throwing": THROWS})

    ended = prove("--faults", str(folder), *_only(["harmless", "throwing", "health-503"]))

    assert ended.code == 1, ended.output
    against = ended.matrix["against"]
    assert [(each["variant"], each["check"]) for each in against["missed"]] == [("harmless", "health.status")]
    assert [each["variant"] for each in against["problems"]] == ["throwing"]
    assert "no luck today" in ended.output
    assert ended.matrix["bots"]["reference"]["stages"]["health-503"]["checks"]["health.status"] == "fail"


def test_a_shim_that_does_not_build_is_told(prove: Prove, tmp_path: Path) -> None:
    """With esbuild's words."""
    folder = _write(tmp_path, {"no-javascript": "this is none"})

    ended = prove("--faults", str(folder), *_only(["no-javascript"]))

    assert ended.code == 1, ended.output
    assert "no-javascript.js" in ended.output
    assert "Traceback" not in ended.output


def test_a_fault_that_does_not_exist_is_told(prove: Prove) -> None:
    """Wrong usage, said before anything is started."""
    ended = prove("--only", "helth-503")

    assert ended.code == 4, ended.output
    assert "helth-503" in ended.output
