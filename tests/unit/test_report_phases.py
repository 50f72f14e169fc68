"""The phases of many rollbacks are looked up at once, and are those that are found one by one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from backstop.journal.events import (
    CheckFinished,
    Event,
    RollbackFinished,
    RollbackPlanned,
    RollbackStarted,
    SessionFinished,
    SessionStarted,
    StageReady,
    StageStarted,
)
from backstop.journal.facts import Facts, Mark, gather
from backstop.journal.timings import recovery
from backstop.model.run import Phase
from backstop.report.phases import walks
from tests.unit.samples import numbered

_NAMES = ("", "x", "y")
_VERSION = "6f1c2b0e-5a77-4f0c-9e0b-8f6a1d0c4b21"


def _check(stage: str, outcome: str) -> CheckFinished:
    return CheckFinished("a.b", "A", "a", "low", stage, outcome, "", expected_red="fault" in stage)


_scenario = st.sampled_from(_NAMES)
_stage = st.builds("{}-{}".format, st.sampled_from(("fault", "good")), _scenario)
_event: st.SearchStrategy[Event] = st.one_of(
    _stage.map(lambda name: StageStarted(name, *name.split("-"))),
    _stage.map(lambda name: StageReady(name, _VERSION, 1.0)),
    st.builds(_check, _stage, st.sampled_from(("pass", "fail"))),
    _scenario.map(lambda name: RollbackStarted("good", _VERSION, _VERSION, "why", "", name)),
    _scenario.map(lambda name: RollbackFinished("good", "done", {"serving": 0.2}, "", name)),
    st.just(RollbackPlanned("good", _VERSION, _VERSION, "reason", "why")),
)


def _scene(name: str) -> tuple[Event, ...]:
    """A scenario as it should go."""
    return (
        StageStarted(f"fault-{name}", "fault", name),
        StageReady(f"fault-{name}", _VERSION, 1.0),
        _check(f"fault-{name}", "fail"),
        RollbackStarted(f"good-{name}", _VERSION, _VERSION, "why", "", name),
        RollbackFinished(f"good-{name}", "done", {"serving": 0.2}, "", name),
        StageStarted(f"good-{name}", "good", name),
        _check(f"good-{name}", "pass"),
    )


_scenes = st.lists(_scenario.map(_scene) | st.tuples(_event), max_size=12).map(lambda found: sum(found, ()))


def _one_by_one(facts: Facts) -> list[list[int | None]]:
    """The line with which each phase of each rollback ends, read from all lines for each of them."""
    found: list[list[int | None]] = []
    for each in facts.rollbacks:
        noticed = [c.line for c in facts.checks if c.scenario == each.scenario and c.mark is Mark.NOTICED]
        planned = [r.n for r in facts.records if isinstance(r.event, RollbackPlanned) and r.n < each.line]
        assessed = noticed[:1] if facts.is_drill else planned[-1:]
        ready = [s for s in facts.stages if s.phase is Phase.FAULT and s.scenario == each.scenario]
        begun = not facts.is_drill or any(stage.ready_line is not None for stage in ready)
        taken = recovery(facts, each)
        served = "serving" in taken
        end = each.began + taken.get("verified", 0.0) + 0.001
        last = max((c.line for c in facts.checks if c.ended <= end), default=each.finished_line)
        found.append(
            [
                assessed[0] if assessed and begun else None,
                each.line if assessed else None,
                (each.line if each.finished_line is None else each.finished_line) if served else None,
                last if served and "verified" in taken else None,
            ]
        )
    return found


@given(st.sampled_from(("drill", "post_rollback")), _scenes)
def test_phases_are_those_of_each_rollback(session: str, events: tuple[Event, ...]) -> None:
    """Whatever the order of lines, each phase ends with the line that a look through all of them finds."""
    begin = SessionStarted("run", session, "local", "bot", "", ())
    records = numbered((begin, *events, SessionFinished(len(events), 1.0)))
    facts = gather(tuple(replace(record, t=round(record.t, 3)) for record in records))

    assert _one_by_one(facts) == [[spell.line for spell in walk.spells] for walk in walks(facts)]
