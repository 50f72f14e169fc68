"""Taking a look down: what each suite says, what is told, and that two looks at once count once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backstop.journal.events import (
    AlertChanged,
    CheckFinished,
    Event,
    Said,
    SessionFinished,
    SessionStarted,
    StageStarted,
)
from backstop.journal.facts import CheckFacts, gather
from backstop.model.monitor_rules import MonitorRules
from backstop.model.severity import Severity
from backstop.monitor.alert import Seen
from backstop.monitor.availability import Day
from backstop.monitor.keeper import Keeper, sights
from backstop.monitor.ledger import Ledgers
from backstop.monitor.severity import as_measured
from backstop.policy.rule import rule
from backstop.policy.signals import Rate, Signals
from tests.unit.samples import numbered

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
RULES = MonitorRules(raise_after=2, resolve_after=2)


def _checks(**outcomes: str) -> tuple[CheckFacts, ...]:
    """Checks by their ids, with _ for the dot: health_status="fail"."""
    finished = [
        CheckFinished(name.replace("_", "."), name, name.partition("_")[0], "critical", "0-live", outcome)
        for name, outcome in outcomes.items()
    ]
    started = SessionStarted("r", "monitor", "prod", "bot", "https://bot", ("pytest",))
    stage = StageStarted("0-live", "live")
    return gather(numbered([started, stage, *finished, SessionFinished(len(finished), 1.0)])).checks


class Days:
    """Looks one after the other, each a minute long, five minutes apart unless told otherwise."""

    def __init__(self, folder: Path) -> None:
        self.ledgers = Ledgers(folder)
        self.now = NOW
        self.events: list[Event] = []

    def look(self, checks: Sequence[CheckFacts], began: datetime | None = None) -> list[Event]:
        """What is recorded of one look that ends now."""
        before = len(self.events)
        keeper = Keeper(self.ledgers, "prod", RULES, self.events.append)
        keeper.note(checks, began or self.now - timedelta(minutes=1), lambda: self.now)
        self.now += timedelta(minutes=5)
        return self.events[before:]


@pytest.fixture
def days(tmp_path: Path) -> Days:
    """Nothing is remembered yet."""
    return Days(tmp_path / "monitors")


def _told(events: Sequence[Event]) -> list[tuple[str, str]]:
    return [(event.subject, event.state) for event in events if isinstance(event, AlertChanged)]


def _said(events: Sequence[Event]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Said))


@pytest.mark.parametrize(
    ("outcomes", "seen"),
    [
        ({"health_a": "pass", "health_b": "degraded", "health_c": "n/a"}, Seen.PASSED),
        ({"health_a": "pass", "health_b": "accepted"}, Seen.PASSED),
        ({"health_a": "pass", "health_b": "inconclusive"}, Seen.UNSEEN),
        ({"health_a": "fail", "health_b": "inconclusive"}, Seen.FAILED),
        ({"health_a": "nonsense"}, Seen.UNSEEN),
    ],
)
def test_what_a_suite_says(outcomes: dict[str, str], seen: Seen) -> None:
    """Red counts whatever else could not be seen; green only where all was."""
    assert seen is sights(_checks(**outcomes), NOW)["health"].seen


@pytest.mark.parametrize(
    ("outcomes", "seen"),
    [
        ({"errors_probes": "fail", "errors_tail": "fail", "errors_alert": "pass"}, Seen.BELOW),
        ({"errors_probes": "fail", "errors_alert": "inconclusive"}, Seen.BELOW),
        ({"errors_probes": "fail", "errors_alert": "fail"}, Seen.FAILED),
        ({"errors_unauthorised": "fail"}, Seen.FAILED),
    ],
)
def test_what_people_are_alerted_of(outcomes: dict[str, str], seen: Seen) -> None:
    """Errors from the alert's threshold on; what is only more than the policy allows is red, and no alert."""
    assert seen is sights(_checks(**outcomes), NOW)["errors"].seen


def test_an_alert_is_as_severe_as_what_was_measured() -> None:
    """A rate knows more levels than the check that is red of it, and says nothing of other suites."""
    finished = [
        CheckFinished(f"{suite}.{name}", "", suite, "medium", "0-live", outcome)
        for suite, name, outcome in (
            *(("errors", "alert", "fail"), ("errors", "probes", "fail"), ("errors", "tail", "pass")),
            *(("latency", "mean", "fail"), ("health", "steady", "fail")),
        )
    ]
    checks = gather(numbered(finished)).checks
    ruling = rule(Signals(errors=Rate(1.0, 0.9), mean_ms=6000.0))

    found = {check.check: check.severity for check in as_measured(checks, ruling)}

    assert {
        "errors.alert": Severity.CRITICAL,
        "errors.probes": Severity.MEDIUM,
        "errors.tail": Severity.MEDIUM,
        "latency.mean": Severity.HIGH,
        "health.steady": Severity.MEDIUM,
    } == found


def test_a_suite_that_does_not_apply_says_nothing() -> None:
    """It is no subject."""
    assert {} == sights(_checks(health_a="n/a"), NOW)


def test_two_alarms_at_once(days: Days) -> None:
    """Each is told by its own name, and each ends by itself."""
    bad = _checks(health_a="fail", errors_b="fail")
    days.look(bad)

    raised = days.look(bad)
    days.look(_checks(health_a="pass", errors_b="fail"))
    resolved = days.look(_checks(health_a="pass", errors_b="fail"))

    assert [("health", "raised"), ("errors", "raised")] == _told(raised)
    assert [("health", "resolved")] == _told(resolved)


def test_what_is_told(days: Days) -> None:
    """Since when, how many looks, how bad; of the end as of the beginning."""
    days.look(_checks(health_a="fail"))
    (_, raised) = days.look(_checks(health_a="fail"))
    days.look(_checks(health_a="pass"))
    (_, resolved) = days.look(_checks(health_a="pass"))

    assert (
        AlertChanged(
            "health",
            "raised",
            "critical",
            "health is failing: 2 looks failed since 14:00",
            "2026-11-25T14:00:00Z",
            2,
        )
        == raised
    )
    assert isinstance(resolved, AlertChanged)
    assert ("resolved", "critical", "2026-11-25T14:00:00Z", 2) == (
        resolved.state,
        resolved.severity,
        resolved.since,
        resolved.failures,
    )
    assert "health is well again" in resolved.text


def test_looks_that_overlap_count_once(days: Days) -> None:
    """A timer that is faster than its looks, or somebody who types one meanwhile."""
    began = days.now - timedelta(minutes=1)
    days.look(_checks(health_a="fail"))

    second = days.look(_checks(health_a="fail"), began)

    assert [] == _told(second)
    assert "they count once" in _said(second)


def test_a_clock_that_is_set_back_is_said(days: Days) -> None:
    """What lies ahead counts as of now, and nothing was watched in between."""
    days.look(_checks(health_a="fail"))
    days.now -= timedelta(hours=3)

    events = days.look(_checks(health_a="fail"))

    assert "dated 10500 s ahead of this clock" in _said(events)
    assert [("health", "raised")] == _told(events)
    assert () == days.ledgers.days("prod")


def test_availability_is_that_of_health(days: Days) -> None:
    """Other suites measure nothing; five minutes up, ten down, and some unknown."""
    for outcome in ("pass", "fail", "fail", "pass", "inconclusive", "pass"):
        days.look(_checks(health_a=outcome, latency_b="fail"))

    assert (Day(NOW.date(), 20 * 60.0, 10 * 60.0),) == days.ledgers.days("prod")


def test_severity_is_that_of_what_failed() -> None:
    """The worst of them."""
    assert Severity.CRITICAL is sights(_checks(health_a="fail", health_b="pass"), NOW)["health"].severity
    assert Severity.NONE is sights(_checks(health_a="pass"), NOW)["health"].severity


LOOKER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from backstop.journal.events import AlertChanged
from backstop.monitor.keeper import Keeper
from backstop.monitor.ledger import Ledgers
from tests.unit.test_monitor_keeper import RULES, _checks
told = []
keeper = Keeper(Ledgers(Path(sys.argv[1])), "prod", RULES, told.append)
for outcome in ["fail"] * 30:
    keeper.note(_checks(health_a=outcome), datetime.now(UTC), lambda: datetime.now(UTC))
print([event.state for event in told if isinstance(event, AlertChanged)])
"""


def test_machines_that_look_at_once_tell_once(tmp_path: Path) -> None:
    """Three of them on one file system, as fast as they can: one alert, raised by one."""
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", LOOKER, str(tmp_path / "monitors")]
    running = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate(timeout=120)[0] for process in running]

    assert [0, 0, 0] == [process.returncode for process in running]
    assert ["['raised']\n", "[]\n", "[]\n"] == sorted(said)
