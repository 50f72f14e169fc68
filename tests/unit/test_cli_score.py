"""``backstop score``: what drills have proven, of every target that can be drilled."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from backstop.cli.main import main
from backstop.drill.scenarios import load_scenarios
from backstop.environment import Environment
from backstop.journal.conclusion import conclude
from backstop.root import project_root
from backstop.score.shelf import DrillRecords
from backstop.scoreboard import Scoreboard
from backstop.settings.targets import load_targets
from tests.unit.drills import TODAY, drilled, entry
from tests.unit.samples import drill
from tests.unit.targetsfiles import bot_in, written

ROOT = project_root()
FILES = sorted((ROOT / "suites" / "drills" / "scenarios").glob("*.toml"))
OURS = [path.stem for path in FILES]
ENTRIES = [
    entry(path.stem, fault=tomllib.loads(path.read_text()).get("fault", "new-version")) for path in FILES
]
STAGING = sum("staging" in tomllib.loads(path.read_text()).get("places", ["staging"]) for path in FILES)
TARGETS = """
[targets.local]
sandbox = true
project = "bot"
[[targets.local.commands]]
name = "ping"
[targets.staging]
url = "https://bot-staging.example.workers.dev"
project = "bot"
[targets.mute]
sandbox = true
project = "bot"
health = false
[targets.prod]
url = "https://bot.example.workers.dev"
worker = "bot"
protected = true
[targets.other]
url = "https://bot.example.workers.dev"
worker = "bot"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a targets file, which is where somebody types."""
    bot_in(tmp_path)
    written(tmp_path, TARGETS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _score(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert 0 == main(["score", *words])
    return capsys.readouterr().out


def test_all_targets_and_the_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Those that are never drilled are named with the reason."""
    DrillRecords(folder / ".backstop" / "drills").keep(drilled(*ENTRIES, worker="bot"))

    said = _score(capsys, "--today", str(TODAY))
    page = (folder / "reports" / "drills" / "scorecard.html").read_text()

    assert f"local (sandbox): 0 % · 0 of {len(OURS)} scenarios\n" in said
    assert f"staging (staging): 100 % · {STAGING} of {STAGING} scenarios, until 30 December 2026\n" in said
    assert "prod is protected: it is never drilled\n" in said
    assert "other has no project: it can't be drilled\n" in said
    assert said.endswith("page: reports/drills/scorecard.html\n")
    assert "prod is protected" in page


def test_scenarios_that_do_not_fit_are_not_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bot without a health endpoint can't be unhealthy."""
    said = _score(capsys).partition("mute (sandbox)")[2].partition("prod")[0]

    assert "discord-integration: never run" in said
    assert "health-check-failure" not in said


def test_another_day(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What will be out of date then."""
    DrillRecords(folder / "reports" / "drills").keep(drilled(*ENTRIES, worker="bot"))

    assert "staging (staging): 0 %" in _score(capsys, "--today", str(TODAY + timedelta(days=36)))
    assert "staging (staging): 100 %" in _score(capsys, "--today", str(TODAY + timedelta(days=35)))


def test_a_target_that_is_no_longer_there_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its drills are kept, and count for nobody; those of a target that is there are not named."""
    records = DrillRecords(folder / ".backstop" / "drills")
    records.keep(drilled(target="gone"))
    records.keep(drilled(target="gone", run="other"))
    records.keep(drilled(target="staging"))

    said = _score(capsys, "--today", str(TODAY))

    assert "gone is not in targets.toml: its 2 drills count nowhere" in said
    assert 1 == said.count("not in targets.toml")
    assert "gone is not in" in (folder / "reports" / "drills" / "scorecard.html").read_text()


def test_drills_of_another_worker_under_the_name_count_nowhere(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The target was another bot then; both are named, and a record that names none still counts."""
    records = DrillRecords(folder / ".backstop" / "drills")
    records.keep(drilled(*ENTRIES, worker="the-bot-before"))
    said = _score(capsys, "--today", str(TODAY))
    records.keep(drilled(*ENTRIES, worker="", run="unnamed"))

    assert "staging (staging): 0 %" in said
    assert "and was the-bot-before: its drill counts nowhere" in said
    assert "staging (staging): 100 %" in _score(capsys, "--today", str(TODAY))


@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01", "9999-12-31"])
def test_a_day_far_away(folder: Path, capsys: pytest.CaptureFixture[str], day: str) -> None:
    """Nothing is proven then, and nothing breaks."""
    DrillRecords(folder / "reports" / "drills").keep(drilled(*ENTRIES, worker="bot"))

    assert "staging (staging): 0 %" in _score(capsys, "--today", day)


def test_scenarios_of_ones_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are part of the score."""
    own = folder / "scenarios"
    own.mkdir()
    (own / "mine.toml").write_text('title = "my own"\nfault = "health-503"\n')

    assert "  mine: never run\n" in _score(capsys, "--scenarios", str(own))


def test_a_file_that_is_no_record_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On the terminal and on the page."""
    (folder / ".backstop" / "drills").mkdir(parents=True)
    (folder / ".backstop" / "drills" / "x.json").write_text("{")

    assert "x.json is no drill record" in _score(capsys)
    assert "x.json is no drill record" in (folder / "reports" / "drills" / "scorecard.html").read_text()


@pytest.mark.parametrize("words", [("--today", "tomorrow"), ("--targets-file", "no-such.toml")])
def test_wrong_usage(folder: Path, words: tuple[str, ...]) -> None:
    """4, as everywhere."""
    assert 4 == main(["score", *words])


def test_a_drill_is_kept_in_both_places_and_makes_the_page(folder: Path) -> None:
    """What a team shares, and the reports of this machine."""
    targets = load_targets(folder / "targets.toml", Environment({}))
    scenarios = load_scenarios((ROOT / "suites" / "drills" / "scenarios",), (ROOT / "sandbox" / "faults",))
    board = Scoreboard(targets, folder / "reports", scenarios)

    board.keep(conclude(drill()), date(2026, 11, 24))

    names = [path.name for path in (folder / ".backstop" / "drills").iterdir()]
    assert 1 == len(names)
    assert {*names, "scorecard.html"} == {path.name for path in (folder / "reports" / "drills").iterdir()}
    assert 1 == len(board.records.all().records)
