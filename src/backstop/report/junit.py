"""``junit.xml``: a session as test cases, for what shows the results of tests beside a build.

A pure function of the journal. A check is a test case named by its id; where a session has several stages,
each stage is a suite of its own and part of the class name, because many tools know a test by class and name.

- failure: looked, and it does not hold; a fault that was missed; a session that ended badly
- error: could not look, so nothing is known; never *skipped*, which no build turns red for
- skipped: n/a, or accepted by name
- passed: it holds, also if degraded; in a drill also what went red because it noticed the fault
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from backstop.journal.codec import stamp
from backstop.journal.conclusion import Conclusion
from backstop.journal.facts import CheckFacts
from backstop.journal.scenarios import ScenarioResult
from backstop.report.cases import (
    Status,
    ends_of_checks,
    has_stages,
    name_of_session,
    status_of_check,
    status_of_ending,
    status_of_scenario,
    word_of,
)
from backstop.report.text import visible

_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
)
_SHORT = 200  # characters
_MOST_KNOWN = 1024  # short texts: ids, titles, stages and the like come again and again


@dataclass(frozen=True, slots=True)
class Case:
    """One test case. ``kind`` is its own word for the status, ``text`` what a person reads of it."""

    classname: str
    name: str
    status: Status
    kind: str
    text: str
    seconds: float = 0.0
    check: CheckFacts | None = None


def junit(conclusion: Conclusion) -> str:
    """The file's content: well-formed whatever the journal holds."""
    return "\n".join(_lines(conclusion))


def _lines(conclusion: Conclusion) -> Iterator[str]:
    """Lines rather than a tree of elements, which takes several times as long for a long journal."""
    suites = list(_suites(conclusion))
    everything = [case for _, cases in suites for case in cases]
    records = conclusion.facts.records
    when = {"timestamp": stamp(records[0].at)} if records else {}
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f"<testsuites{_attributes({'name': 'backstop', **_counted(everything)})}>"
    properties = _of_session(conclusion)
    for name, cases in suites:
        yield f"<testsuite{_attributes({'name': name, **_counted(cases), **when})}>"
        yield from _properties(properties)
        properties = {"run": conclusion.run, "target": conclusion.target}  # the session has said the rest
        for case in cases:
            yield "\n".join(_case(case))
        yield "</testsuite>"
    yield "</testsuites>"
    yield ""  # an end of the last line without a copy of the whole


def _suites(conclusion: Conclusion) -> Iterator[tuple[str, list[Case]]]:
    whole = name_of_session(conclusion)
    yield whole, [_verdict(conclusion, whole), *map(_scenario, conclusion.scenarios)]
    several = has_stages(conclusion)
    by_stage: dict[str, list[Case]] = {}
    for check in ends_of_checks(conclusion.checks):
        by_stage.setdefault(check.stage, []).append(_check(check, several=several))
    for stage, cases in by_stage.items():
        yield f"{whole} · {stage}" if stage else whole, cases


def _verdict(conclusion: Conclusion, whole: str) -> Case:
    """The session itself, so that one whose checks all passed is red when its rollback was not confirmed."""
    next_step = [f"→ {conclusion.next_step}"] if conclusion.next_step else []
    text = "\n".join((conclusion.headline, *conclusion.reasons, *next_step))
    status, word = status_of_ending(conclusion.ending), conclusion.verdict.value
    return Case("session", f"verdict of {whole}", status, word, text, conclusion.facts.ended)


def _scenario(result: ScenarioResult) -> Case:
    texts = "\n".join(reason.text for reason in result.reasons) or result.verdict
    return Case("scenario", result.name, status_of_scenario(result.verdict), result.verdict, texts)


def _check(check: CheckFacts, *, several: bool) -> Case:
    word = word_of(check)
    text = f"{word}: {check.message or check.title}"
    place = f"{check.suite} @ {check.stage}" if several else check.suite
    return Case(place, check.check, status_of_check(check), word, text, check.seconds, check)


def _of_check(check: CheckFacts, word: str) -> dict[str, str]:
    return {
        "title": check.title,
        "severity": check.severity.value,
        "outcome": word,
        "stage": check.stage,
        "scenario": check.scenario,
        "procedure": check.step,
    }


def _of_session(conclusion: Conclusion) -> dict[str, str]:
    header = conclusion.facts.header
    return {
        "run": conclusion.run,
        "session": conclusion.session,
        "target": conclusion.target,
        "worker": conclusion.worker,
        "url": conclusion.url,
        "verdict": conclusion.verdict.value,
        "exit_code": str(int(conclusion.ending)),
        "severity": conclusion.severity.value,
        "decision": conclusion.decision,
        "from_version": conclusion.from_version,
        "to_version": conclusion.to_version,
        **({f"tool.{name}": version for name, version in header.tools.items()} if header else {}),
    }


def _case(case: Case) -> Iterator[str]:
    classname, name = _escaped(case.classname), _escaped(case.name)
    yield f'<testcase classname="{classname}" name="{name}" time="{case.seconds:.3f}">'
    if case.check is not None:
        line = f'<property name="journal_line" value="{case.check.line}"/>'
        yield from _properties(_of_check(case.check, case.kind), line)
    if case.status is not Status.PASSED:
        element = case.status.value
        told = {"type": case.kind, "message": case.text.partition("\n")[0]}
        yield f"<{element}{_attributes(told)}>{_escaped(case.text)}</{element}>"
    elif case.kind not in {"pass", "verified"}:
        yield f"<system-out>{_escaped(case.text)}</system-out>"
    yield "</testcase>"


def _properties(properties: Mapping[str, str], *more: str) -> Iterator[str]:
    known = [_property(name, value) for name, value in properties.items() if value]
    if known or more:
        yield "<properties>"
        yield "\n".join((*known, *more))
        yield "</properties>"


def _property(name: str, value: str) -> str:
    return _property_once(name, value) if len(value) <= _SHORT else _as_property(name, value)


def _as_property(name: str, value: str) -> str:
    return f'<property name="{_escape(name)}" value="{_escape(value)}"/>'


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f' {name}="{_escaped(value)}"' for name, value in values.items())


def _escaped(text: str) -> str:
    """As text of an element, or of an attribute in double quotes; ``visible`` leaves nothing else to mind."""
    return _escaped_once(text) if len(text) <= _SHORT else _escape(text)


def _escape(text: str) -> str:
    return visible(text).translate(_ENTITIES)


_escaped_once = lru_cache(_MOST_KNOWN)(_escape)
_property_once = lru_cache(_MOST_KNOWN)(_as_property)


def _counted(cases: Sequence[Case]) -> dict[str, str]:
    counts = Counter(case.status for case in cases)
    return {
        "tests": str(len(cases)),
        "failures": str(counts[Status.FAILURE]),
        "errors": str(counts[Status.ERROR]),
        "skipped": str(counts[Status.SKIPPED]),
        "time": f"{sum(case.seconds for case in cases if case.classname != 'session'):.3f}",
    }
