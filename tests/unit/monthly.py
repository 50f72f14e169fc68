"""The journal of a monthly drill: as many scenarios, checks and measurements as the real one has."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from backstop.journal.events import (
    CheckFinished,
    ErrorRateSeen,
    Event,
    ExchangeSeen,
    LatencyCompared,
    LatencySampled,
    MutationArmed,
    MutationDone,
    MutationUndone,
    RollbackFinished,
    RollbackStarted,
    Said,
    ScenarioDeclared,
    SessionStarted,
    StageReady,
    StageStarted,
    TargetResolved,
    VersionSeen,
    Witnessed,
)
from backstop.journal.record import Record
from tests.unit.samples import GOOD, numbered

SCENARIOS = 19
CHECKS = 116
_RED = 17  # checks that notice a fault
_URL = "http://127.0.0.1:36343"
_TIMINGS = {"command": 0.8, "api_active": 0.81, "first_correct": 0.82, "serving": 0.83}
_HEADERS = {f"X-Header-{number}": "max-age=31536000; includeSubDomains" for number in range(9)}
_REMEDY = "verify the signature before anything else; never throw"


def monthly(
    scenarios: int = SCENARIOS, *, missed: Collection[int] = (), unmended: Collection[int] = ()
) -> tuple[Record, ...]:
    """Good, and for each scenario a fault and good again.

    Faults that are ``missed`` turn nothing red; those that are ``unmended`` do so after the rollback too.
    """
    events: list[Event] = [
        SessionStarted("51767aa3", "drill", "local", "reference-bot", _URL, ("pytest", "-m", "drill")),
        TargetResolved("reference-bot", _URL),
        *(_declared(number) for number in range(scenarios)),
        *_stage("0-good", "good", "", GOOD),
    ]
    for number in range(scenarios):
        fault = () if number in missed else _noticing(number)
        good = _noticing(number) if number in unmended else ()
        events += _scenario(number, fault, good)
    return numbered(events)


def _name(number: int) -> str:
    return f"scenario-{number}-of-some-length"


def _noticing(number: int) -> tuple[int, ...]:
    """Each fault is noticed by other checks, some of them beside each other."""
    return tuple((11 * number + check + check // 3) % CHECKS for check in range(_RED))


def _declared(number: int) -> Event:
    name = _name(number)
    return ScenarioDeclared(
        name,
        name,
        fault="exception-everywhere",
        changes="Every request throws, whatever it asks for.",
        severity="critical",
        notices=tuple(map(_check_name, _noticing(number))),
        decision="roll back at once (within 2 min)",
        rollback="done",
        budget=120.0,
    )


def _scenario(number: int, red: Collection[int], red_after: Collection[int]) -> Iterator[Event]:
    name = _name(number)
    fault, good = f"{2 * number + 1}-fault-{name}", f"{2 * number + 2}-good-{name}"
    bad = f"{number:08x}-6fcc-41c0-886b-1fbea0c65720"
    yield VersionSeen(bad, "fault", number, f"fault-{number}", "drill: exception-everywhere", "a@b.example")
    yield Said(f"{name}: deploying the bot under exception-everywhere …")
    yield MutationArmed(f"m{number}", f"deploy the bot under {name}", f"deploy {GOOD} at 100 %")
    yield MutationDone(f"m{number}", ok=True, detail=f"{bad} serves")
    yield from _stage(fault, "fault", name, bad, red)
    yield RollbackStarted(good, bad, GOOD, f"drill: {name}", "it served before the fault was deployed", name)
    yield RollbackFinished(good, "done", _TIMINGS, "", name, {"api_active": 0.8})
    yield MutationUndone(f"m{number}", "three witnesses say that the good version serves")
    yield from _stage(good, "good", name, GOOD, red_after)


def _stage(stage: str, phase: str, scenario: str, version: str, red: Collection[int] = ()) -> Iterator[Event]:
    """``red`` are the checks that fail; in a fault's stage those that notice it are meant to."""
    yield StageStarted(stage, phase, scenario)
    for witness in ("command", "api", "edge"):
        yield Witnessed(stage, witness, agrees=True, wanted=version, found=version)
    yield StageReady(stage, version, 0.9)
    yield LatencySampled(stage, version, "GET /", tuple(2 + 0.7 * n for n in range(20)), (3.0,))
    for against in ("itself", "baseline"):
        text = (
            "new is typically 1.31 times old (2 ms → 2 ms), at most 1.86 times with 95 % confidence, 5 pairs"
        )
        yield LatencyCompared(stage, GOOD, version, against, "fine", text, 5, 1.31, 0.9, 1.86)
    yield ErrorRateSeen(stage, "probes", 28, 28 if red else 0, 0.7 if red else 0.0, 1.0 if red else 0.1)
    due = _noticing(int(scenario.split("-")[1])) if phase == "fault" else ()
    for number in range(CHECKS):
        yield from _check(stage, scenario, number, red=number in red, due=number in due)


def _check(stage: str, scenario: str, number: int, *, red: bool, due: bool) -> Iterator[Event]:
    message, seen = "", ""
    if red:
        seen = f"{stage}/{number}"
        yield ExchangeSeen(
            seen, stage, "POST", f"{_URL}/", _HEADERS, "{}" * 200, 500, _HEADERS, "x" * 900, 0.2
        )
        message = f"POST {_URL}/: found 500, wanted 401 for: header number {number} missing\n→ {_REMEDY}"
    yield CheckFinished(
        _check_name(number),
        f"A signature of which number {number} is wrong is answered with 401",
        _check_name(number).split(".")[0],
        "high",
        stage,
        "fail" if red else "pass",
        message,
        step="2. Discord integration failures: invalid signature errors",
        expected_red=due,
        scenario=scenario,
        exchanges=(seen,) if red else (),
    )


def _check_name(number: int) -> str:
    suite = ("deployment", "discord", "health", "security")[number // 29]
    return f"{suite}.signature.check_{number}"
