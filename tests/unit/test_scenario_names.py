"""Folders of scenarios, and names in them: whatever would be taken for something else is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from backstop.drill.scenarios import load_scenarios, refuse_unknown_checks
from backstop.model.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "suites" / "drills" / "scenarios"
FAULTS = ROOT / "sandbox" / "faults"
NAMED = 'title = "t"\nfault = "f"\n'


def _write(folder: Path, scenario: str = NAMED) -> Path:
    (folder / "faults").mkdir(parents=True)
    (folder / "mine.toml").write_text(scenario)
    (folder / "faults" / "f.js").write_text("")
    (folder / "faults" / "f.toml").write_text('changes = "x"\nnoticed_by = ["a.b"]\nseverity = "low"\n')
    return folder


def _copy_fault(own: Path, name: str) -> None:
    for ending in ("js", "toml"):
        shutil.copy(own / "faults" / f"f.{ending}", own / "faults" / f"{name}.{ending}")


@pytest.mark.parametrize(
    ("folder", "says"), [("nowhere", "no folder of scenarios"), ("empty", "no scenario in")]
)
def test_a_folder_without_scenarios_is_named(tmp_path: Path, folder: str, says: str) -> None:
    """They would be drilled by nobody, without a word."""
    (tmp_path / "empty").mkdir()

    with pytest.raises(UsageError, match=rf"{says} .*/{folder}"):
        load_scenarios((OURS, tmp_path / folder), (FAULTS,))


@pytest.mark.parametrize("name", ["a b", "$(id)", "a.b", "-x", "a@b", "line\nbreak", "ö", "x" * 61])
def test_a_name_that_would_be_taken_for_something_else_is_refused(tmp_path: Path, name: str) -> None:
    """Of a scenario and of a fault: it is typed, and goes into messages, tags and ids."""
    own = _write(tmp_path / "own", NAMED.replace('"f"', f'"""{name}"""'))
    (own / f"{name}.toml").write_text(NAMED)
    _copy_fault(own, name)

    with pytest.raises(UsageError) as caught:
        load_scenarios((own,), (FAULTS,))

    assert 2 == caught.value.message.count("for a name, wanted at most 60 letters, digits, - and _ before")


@pytest.mark.parametrize("name", ["9-lives_A", "x" * 60])
def test_a_name_of_letters_and_digits_is_taken(tmp_path: Path, name: str) -> None:
    """And what an editor hides beside it is no scenario."""
    own = _write(tmp_path / "own")
    (own / "mine.toml").rename(own / f"{name}.toml")
    (own / f".#{name}.toml").symlink_to(tmp_path / "somebody@somewhere")

    assert [name] == [each.name for each in load_scenarios((own,), (FAULTS,))]


def test_two_scenarios_of_a_name_are_refused(tmp_path: Path) -> None:
    """Of theirs and ours, only one would be drilled, and would count as the other."""
    own = _write(tmp_path / "own")
    (own / "mine.toml").rename(own / "health-check-failure.toml")

    with pytest.raises(
        UsageError, match=r"two scenarios named health-check-failure: .*/suites/.* and .*/own/"
    ):
        load_scenarios((OURS, own), (FAULTS,), ("slow-tail",))
    assert 1 == len(load_scenarios((own, own), (FAULTS,)))


def test_two_faults_of_a_name_are_refused(tmp_path: Path) -> None:
    """Theirs would be deployed by our scenarios too."""
    own = _write(tmp_path / "own", NAMED.replace('"f"', '"health-503"'))
    _copy_fault(own, "health-503")

    with pytest.raises(UsageError, match="two faults named health-503"):
        load_scenarios((OURS, own), (FAULTS,))
    assert "mine" == load_scenarios((own,), ())[0].name


def test_one_that_is_named_twice_is_drilled_once(tmp_path: Path) -> None:
    """A drill has each scenario once."""
    own = _write(tmp_path / "own")

    assert 1 == len(load_scenarios((own,), (FAULTS,), ("mine", "mine")))


def test_a_check_that_no_suite_has_is_told_with_the_nearest(tmp_path: Path) -> None:
    """A drill that waits for it would wait for ever."""
    own = _write(tmp_path / "own", NAMED + 'notices = ["health.statsu"]\n')
    scenarios = load_scenarios((own,), (FAULTS,))

    refuse_unknown_checks(scenarios, {"health.statsu"})
    with pytest.raises(UsageError, match=r'mine: notices: there is no check "health.statsu"; did you mean'):
        refuse_unknown_checks(scenarios, {"health.status", "discord.ping"})


@pytest.mark.parametrize("percent", [100, 10])
def test_a_check_that_a_manifest_makes_up_is_told(tmp_path: Path, percent: int) -> None:
    """Also where it is chance which of them is red: one that there is not never is."""
    own = _write(tmp_path / "own", f"{NAMED}percent = {percent}\n")

    with pytest.raises(UsageError, match=r'^fault f: noticed_by: there is no check "a.b"\n  →'):
        refuse_unknown_checks(load_scenarios((own,), (FAULTS,)), {"health.status"})
