"""``junit.xml``: a session as test cases, for what shows the results of tests beside a build.

A pure function of the journal. A check is a test case named by its id; where a session has several stages,
each stage is a suite of its own and part of the class name, because many tools know a test by class and name.

- failure: looked, and it does not hold; a fault that was missed; a session that ended badly
- error: could not look, so nothing is known; never *skipped*, which no build turns red for
- skipped: n/a, or accepted by name
- passed: it holds, also if degraded; in a drill also what went red because it noticed the fault
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree import ElementTree as ET

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


@dataclass(frozen=True, slots=True)
class Case:
    """One test case. ``kind`` is its own word for the status, ``text`` what a person reads of it."""

    classname: str
    name: str
    status: Status
    kind: str
    text: str
    seconds: float = 0.0
    properties: dict[str, str] = field(default_factory=dict)


def junit(conclusion: Conclusion) -> str:
    """The file's content: well-formed whatever the journal holds."""
    suites = list(_suites(conclusion))
    everything = [case for _, cases in suites for case in cases]
    root = ET.Element("testsuites", {"name": "backstop", **_counted(everything)})
    began = conclusion.facts.records[0].at if conclusion.facts.records else None
    for name, cases in suites:
        suite = ET.SubElement(root, "testsuite", {"name": visible(name), **_counted(cases), **_when(began)})
        _add_properties(suite, _of_session(conclusion) if suite is root[0] else {"run": conclusion.run})
        for case in cases:
            _add_case(suite, case)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suites(conclusion: Conclusion) -> Iterator[tuple[str, list[Case]]]:
    whole = name_of_session(conclusion)
    yield whole, [_verdict(conclusion, whole), *map(_scenario, conclusion.scenarios)]
    by_stage: dict[str, list[Case]] = {}
    for check in ends_of_checks(conclusion.checks):
        by_stage.setdefault(check.stage, []).append(_check(check, conclusion))
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


def _check(check: CheckFacts, conclusion: Conclusion) -> Case:
    word = word_of(check)
    text = f"{word}: {check.message or check.title}"
    properties = {
        "check": check.check,
        "title": check.title,
        "suite": check.suite,
        "severity": check.severity.value,
        "outcome": word,
        "stage": check.stage,
        "scenario": check.scenario,
        "procedure": check.step,
        "target": conclusion.target,
        "run": conclusion.run,
        "journal_line": str(check.line),
    }
    place = f"{check.suite} @ {check.stage}" if has_stages(conclusion) else check.suite
    return Case(place, check.check, status_of_check(check), word, text, check.seconds, properties)


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


def _add_case(suite: ET.Element, case: Case) -> None:
    attributes = {"classname": visible(case.classname), "name": visible(case.name)}
    element = ET.SubElement(suite, "testcase", attributes, time=f"{case.seconds:.3f}")
    _add_properties(element, case.properties)
    text = visible(case.text)
    if case.status is not Status.PASSED:
        told = ET.SubElement(
            element, case.status.value, type=visible(case.kind), message=text.partition("\n")[0]
        )
        told.text = text
    elif case.kind not in {"pass", "verified"}:
        ET.SubElement(element, "system-out").text = text


def _add_properties(element: ET.Element, properties: dict[str, str]) -> None:
    known = {name: value for name, value in properties.items() if value}
    if known:
        into = ET.SubElement(element, "properties")
        for name, value in known.items():
            ET.SubElement(into, "property", name=visible(name), value=visible(value))


def _counted(cases: Sequence[Case]) -> dict[str, str]:
    counts = {status: sum(case.status is status for case in cases) for status in Status}
    return {
        "tests": str(len(cases)),
        "failures": str(counts[Status.FAILURE]),
        "errors": str(counts[Status.ERROR]),
        "skipped": str(counts[Status.SKIPPED]),
        "time": f"{sum(case.seconds for case in cases if case.classname != 'session'):.3f}",
    }


def _when(began: datetime | None) -> dict[str, str]:
    return {} if began is None else {"timestamp": stamp(began)}
