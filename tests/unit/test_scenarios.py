"""Scenario files: read, chosen by name and by place, and explained when they are wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from backstop.drill.scenarios import fitting, load_fault, load_scenarios, runnable
from backstop.model.errors import UsageError
from backstop.model.scenario import Place
from backstop.model.severity import Severity
from backstop.model.target import Target

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "suites" / "drills" / "scenarios"
FAULTS = ROOT / "sandbox" / "faults"


def _write(folder: Path, scenario: str, fault: str = "") -> Path:
    (folder / "faults").mkdir(parents=True)
    (folder / "mine.toml").write_text(scenario)
    (folder / "faults" / "f.toml").write_text(
        fault or 'changes = "x"\nnoticed_by = ["a.b"]\nseverity = "low"\n'
    )
    return folder


def test_ours_are_read() -> None:
    """Three scenarios, each with a fault that somebody must notice."""
    scenarios = load_scenarios((OURS,), (FAULTS,))

    assert {"health-check-failure", "discord-integration", "security-regression"} <= {
        s.name for s in scenarios
    }
    assert all(s.notices and s.fault.shim.exists() for s in scenarios)


def test_one_is_chosen_by_name() -> None:
    """Only what was asked for."""
    chosen = load_scenarios((OURS,), (FAULTS,), ("security-regression",))

    assert [s.name for s in chosen] == ["security-regression"]


def test_the_nearest_name_is_told() -> None:
    """A name that does not exist."""
    with pytest.raises(UsageError, match="health-check-failure"):
        load_scenarios((OURS,), (FAULTS,), ("health-chek",))


def test_a_users_own_fault_lies_beside_the_scenario(tmp_path: Path) -> None:
    """What the scenario does not say is taken from the fault."""
    own = _write(tmp_path / "own", 'title = "t"\nfault = "f"\n')

    (scenario,) = load_scenarios((own,), (FAULTS,))

    assert scenario.notices == ("a.b",)
    assert scenario.severity is Severity.LOW


@pytest.mark.parametrize(
    ("scenario", "says"),
    [
        ('title = "t"\n', "'fault' is missing"),
        ('title = "t"\nfault = "g"\n', "there is no fault 'g'"),
        ('title = "t"\nfault = "f"\nplaces = ["moon"]\n', "moon"),
        ('title = "t"\nfault = "f"\nseverity = "bad"\n', "bad"),
        ("title = \n", "is not TOML"),
    ],
)
def test_a_wrong_file_is_explained(tmp_path: Path, scenario: str, says: str) -> None:
    """Which file, and what is wrong with it."""
    own = _write(tmp_path / "own", scenario)

    with pytest.raises(UsageError, match=says):
        load_scenarios((own,), (FAULTS,))


def test_a_manifest_without_a_severity_is_explained(tmp_path: Path) -> None:
    """The same for the manifest of a fault."""
    own = _write(tmp_path / "own", 'title = "t"\nfault = "f"\n', 'changes = "x"\nnoticed_by = []\n')

    with pytest.raises(UsageError, match="severity"):
        load_fault("f", (own / "faults",))


def test_a_scenario_runs_only_where_it_may(tmp_path: Path) -> None:
    """Left out where it may not run, and refused when it was asked for by name."""
    own = _write(tmp_path / "own", 'title = "t"\nfault = "f"\nplaces = ["sandbox"]\n')
    scenarios = load_scenarios((own,), (FAULTS,))

    assert runnable(scenarios, Place.SANDBOX) == scenarios
    assert runnable(scenarios, Place.STAGING) == ()
    with pytest.raises(UsageError, match="may run in: sandbox"):
        runnable(scenarios, Place.STAGING, ("mine",))


NEEDY = 'changes = "x"\nnoticed_by = ["health.status"]\nseverity = "critical"\nneeds = ["health"]\n'
BOT = Target("mine", sandbox=True)


def test_a_scenario_that_a_bot_can_not_show_is_left_out(tmp_path: Path) -> None:
    """One without a health endpoint can't be unhealthy; the others are drilled."""
    own = _write(tmp_path / "own", 'title = "t"\nfault = "f"\n', NEEDY)
    needy = load_scenarios((own,), (FAULTS,))
    other = replace(needy[0], name="other", fault=replace(needy[0].fault, needs=frozenset()))
    without = replace(BOT, health=None)

    assert (needy, ()) == (fitting(needy, BOT).scenarios, fitting(needy, BOT).left_out)
    found = fitting((*needy, other), without)
    assert (other,) == found.scenarios
    assert "has no health endpoint" in found.left_out[0]
    with pytest.raises(UsageError, match="no health endpoint"):
        fitting((*needy, other), without, ("mine",))
    with pytest.raises(UsageError, match="no health endpoint"):
        fitting(needy, without)


def test_a_need_that_nobody_knows_is_explained(tmp_path: Path) -> None:
    """Which file, and the word."""
    own = _write(tmp_path / "own", 'title = "t"\nfault = "f"\n', NEEDY.replace('["health"]', '["luck"]'))

    with pytest.raises(UsageError, match="luck"):
        load_scenarios((own,), (FAULTS,))
