"""Scenario files: read, chosen by name and by place, and explained when they are wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from backstop.drill.scenarios import (
    fitting,
    load_fault,
    load_scenarios,
    misplaced,
    runnable,
)
from backstop.model.decision import Decision
from backstop.model.errors import UsageError
from backstop.model.scenario import Place, Restore, RollbackOutcome, Scenario, Surroundings
from backstop.model.severity import Severity
from backstop.model.target import Acceptance, Command, Target

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "suites" / "drills" / "scenarios"
FAULTS = ROOT / "sandbox" / "faults"


def _write(folder: Path, scenario: str, fault: str = "") -> Path:
    (folder / "faults").mkdir(parents=True)
    (folder / "mine.toml").write_text(scenario)
    (folder / "faults" / "f.js").write_text("")
    (folder / "faults" / "f.toml").write_text(
        fault or 'changes = "x"\nnoticed_by = ["a.b"]\nseverity = "low"\n'
    )
    return folder


def test_ours_are_read() -> None:
    """Each with a fault that somebody must notice, the procedure's six among them."""
    scenarios = load_scenarios((OURS,), (FAULTS,))

    assert {
        "deployment-failure",
        "discord-integration",
        "health-check-failure",
        "performance-degradation",
        "secret-or-configuration",
        "security-incident",
    } == {s.name for s in scenarios if s.procedure and s.name != "security-regression"}
    assert all(s.notices or s.split for s in scenarios)
    assert {s.rollback for s in scenarios} == set(RollbackOutcome)


def test_one_is_chosen_by_name() -> None:
    """Only what was asked for."""
    chosen = load_scenarios((OURS,), (FAULTS,), ("security-regression",))

    assert [s.name for s in chosen] == ["security-regression"]


def test_the_nearest_name_is_told() -> None:
    """A name that does not exist."""
    with pytest.raises(UsageError, match="health-check-failure"):
        load_scenarios((OURS,), (FAULTS,), ("health-chek",))


def test_a_name_like_no_other_may_be_one_of_their_own() -> None:
    """The folder was not named."""
    with pytest.raises(UsageError, match="no scenario 'queue'") as caught:
        load_scenarios((OURS,), (FAULTS,), ("queue",))

    assert "one of your own is found with --scenarios FOLDER" == caught.value.remedy


def test_a_users_own_fault_lies_beside_the_scenario(tmp_path: Path) -> None:
    """What the scenario does not say is taken from the fault."""
    own = _write(tmp_path / "own", 'title = "t"\nfault = "f"\n')

    (scenario,) = load_scenarios((own,), (FAULTS,))

    assert scenario.notices == ("a.b",)
    assert scenario.severity is Severity.LOW


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('fautl = "x"', 'fautl: unknown key; did you mean "fault"?'),
        ('places = ["moon"]', 'places: found "moon", wanted one of sandbox, staging'),
        ('places = ["stagin"]', 'did you mean "staging"?'),
        ("places = []", "places: is empty"),
        ('severity = "hihg"', 'severity: found "hihg", wanted one of none, low, medium, high, critical'),
        ('severity = "hihg"', 'did you mean "high"?'),
        ('rollback = "don"', 'did you mean "done"?'),
        ('decision = "watch"', 'did you mean "watch, roll back if it grows (within 1 h)"?'),
        ('surroundings = "endpoint-droped"', 'did you mean "endpoint-dropped"?'),
        ('previous = "ff"', 'previous: there is no fault "ff"'),
        ("percent = 110", "percent: found 110, wanted at most 100"),
        ("percent = 0.5", "percent: found 0.5, wanted at least 1: so rarely would a check meet the fault"),
        ("percent = 0", "percent: found 0, wanted a number above 0"),
        ('percent = 10\nprevious = "f"', "previous: does not go with percent"),
        ("budget = true", "budget: found true, wanted a number above 0"),
        ('notices = "a.b"', 'notices: found "a.b", wanted a list of texts'),
        ('restore = "deploy"', 'restore: after a rollback that is "done" wanted "rollback"'),
        ('rollback = "done, not mended"', 'rollback: "done, not mended" goes with surroundings of'),
        (
            'surroundings = "endpoint-dropped"',
            'no rollback mends "endpoint-dropped", wanted "done, not mended"',
        ),
        ('procedure = "a\\n::error::b"', "procedure: wanted one line of at most 200 characters"),
        ('procedure = "\\u001b[2J"', "procedure: wanted one line of at most 200 characters, none of them a"),
        (f'procedure = "{"x" * 201}"', "procedure: wanted one line of at most 200 characters"),
        ("notices = []", "notices: is empty, wanted ids of checks"),
        ("budget = inf", "budget: found inf, wanted a number above 0"),
        ("budget = 3601", "budget: found 3601, wanted at most 3600 seconds"),
        ('surroundings = "api-lies"\nplaces = ["staging"]', "surroundings can be made in a sandbox only"),
    ],
)
def test_a_wrong_value_is_explained(tmp_path: Path, more: str, says: str) -> None:
    """Which file, which key, what was found, and the nearest right word."""
    own = _write(tmp_path / "own", f'title = "t"\nfault = "f"\n{more}\n')

    with pytest.raises(UsageError) as caught:
        load_scenarios((own,), (FAULTS,))

    assert says in caught.value.message
    assert "mine.toml" in caught.value.message


@pytest.mark.parametrize(
    ("scenario", "says"),
    [
        ('title = "t"\n', "fault: is missing"),
        ('fault = "f"\n', "title: is missing"),
        ('title = "t"\nfault = "helth-503"\n', 'there is no fault "helth-503"; did you mean "health-503"?'),
        ("title = \n", "not valid TOML"),
        ('title = "a\\u202eb"\nfault = "f"\n', "title: wanted one line of at most 200 characters"),
    ],
)
def test_a_file_that_lacks_something_is_explained(tmp_path: Path, scenario: str, says: str) -> None:
    """What every scenario must say."""
    own = _write(tmp_path / "own", scenario)

    with pytest.raises(UsageError) as caught:
        load_scenarios((own,), (FAULTS,))

    assert says in caught.value.message


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """In all files, so that nobody has to come back for the next one."""
    own = _write(tmp_path / "own", 'titel = "t"\nfault = "g"\n')
    (own / "other.toml").write_text('title = "t"\nfault = "f"\nplaces = ["moon"]\n')

    with pytest.raises(UsageError) as caught:
        load_scenarios((own,), (FAULTS,))

    for said in ("titel: unknown key", "title: is missing", 'no fault "g"', "other.toml:3: places"):
        assert said in caught.value.message


def test_what_a_scenario_can_say_is_read(tmp_path: Path) -> None:
    """Every key, beside what a file that says little gets."""
    own = _write(
        tmp_path / "own",
        'title = "t"\nfault = "f"\nnotices = ["c.d"]\nseverity = "high"\nplaces = ["staging"]\n'
        'decision = "nothing"\nbudget = 30\nprocedure = "step 3"\nprevious = "f"\nrestore = "rollback"\n',
    )
    (own / "little.toml").write_text('title = "l"\nfault = "f"\npercent = 10\n')

    little, mine = load_scenarios((own,), (FAULTS,))

    assert (mine.notices, mine.severity, mine.places) == (("c.d",), Severity.HIGH, (Place.STAGING,))
    assert (mine.decision, mine.budget, mine.procedure) == (Decision.NOTHING, 30.0, "step 3")
    assert mine.previous == mine.fault
    assert (little.notices, little.percent, little.split) == ((), 10.0, True)
    assert little.decision is Decision.WATCH
    assert little.places == (Place.SANDBOX, Place.STAGING)


def test_surroundings_alone_need_no_fault(tmp_path: Path) -> None:
    """Then a new version of the same bot is deployed, so that there is something to roll back."""
    own = _write(
        tmp_path / "own",
        'title = "t"\nsurroundings = "commands-renamed"\nnotices = ["discord.registered"]\n'
        'rollback = "done, not mended"\n',
    )

    (scenario,) = load_scenarios((own,), (FAULTS, OURS / "faults"))

    assert scenario.surroundings is Surroundings.COMMANDS_RENAMED
    assert scenario.fault.name == "new-version"
    assert scenario.places == (Place.SANDBOX,)
    assert scenario.restore is Restore.DISCORD
    assert "declares no commands" in _left_out(scenario)


def _left_out(scenario: Scenario) -> str:
    other = replace(scenario, name="other", fault=replace(scenario.fault, needs=frozenset()))
    return fitting((scenario, other), BOT).left_out[0]


def test_a_manifest_without_a_severity_is_explained(tmp_path: Path) -> None:
    """The same for the manifest of a fault."""
    own = _write(tmp_path / "own", 'title = "t"\nfault = "f"\n', 'changes = "x"\nnoticed_by = []\n')

    with pytest.raises(UsageError, match="severity"):
        load_fault("f", (own / "faults",))


@pytest.mark.parametrize(
    ("accepted", "percent", "left_out"),
    [
        pytest.param(("health.status", "health.steady"), 100, True, id="each by name"),
        pytest.param(("health.*",), 100, True, id="by a pattern"),
        pytest.param(("health.*",), 10, True, id="where one of them would do"),
        pytest.param(("health.status",), 100, False, id="one of them is still looked at"),
        pytest.param((), 100, False, id="none"),
    ],
)
def test_what_only_accepted_findings_could_notice_is_left_out(
    tmp_path: Path, accepted: tuple[str, ...], percent: int, left_out: bool
) -> None:
    """As long as they are accepted; afterwards it is drilled again."""
    manifest = 'changes = "x"\nnoticed_by = ["health.status", "health.steady"]\nseverity = "high"\n'
    own = _write(tmp_path / "own", f'title = "t"\nfault = "f"\npercent = {percent}\n', manifest)
    mine, other = (
        load_scenarios((own,), (FAULTS,))[0],
        load_scenarios((OURS,), (FAULTS,), ("commands-renamed",))[0],
    )
    until = date(2026, 11, 25)
    target = Target(
        "t",
        sandbox=True,
        commands=(Command("hello"),),
        accept=tuple(Acceptance(pattern, "known", until) for pattern in accepted),
    )

    found = [fitting((mine, other), target, (), day) for day in (until, until + timedelta(days=1))]

    assert [left_out, False] == [mine not in each.scenarios for each in found]
    said = ("mine is left out: t accepts every finding that could notice it",)
    assert [said if left_out else (), ()] == [each.left_out for each in found]


def test_a_scenario_runs_only_where_it_may(tmp_path: Path) -> None:
    """Left out where it may not run, and refused when it was asked for by name."""
    own = _write(tmp_path / "own", 'title = "t"\nfault = "f"\nplaces = ["sandbox"]\n')
    scenarios = load_scenarios((own,), (FAULTS,))

    assert runnable(scenarios, Place.SANDBOX) == scenarios
    assert runnable(scenarios, Place.STAGING) == ()
    assert () == misplaced(scenarios, Place.SANDBOX)
    assert ("mine is left out: it may run in sandbox only",) == misplaced(scenarios, Place.STAGING)
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
