"""Allure's result files: one for each check in each stage, for each scenario, and for the session itself.

A pure function of the journal, in the format of allure-results: https://allurereport.org/docs/how-it-works/

- passed: it holds, also if degraded; in a drill also what went red because it noticed the fault
- failed: looked, and it does not hold; a fault that was missed
- broken: could not look, so nothing is known
- skipped: n/a, or accepted by name

Allure takes results with the same name and parameters for retries of one another, and shows the last one
only. Stage, target and run are parameters, so that no green result hides a red one of another stage or place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from backstop.journal.codec import to_line
from backstop.journal.conclusion import Conclusion
from backstop.journal.facts import CheckFacts
from backstop.journal.record import Damaged, Record, Unknown
from backstop.journal.scenarios import ScenarioResult
from backstop.model.severity import Severity
from backstop.report.allure_steps import STATUSES, is_telling, milliseconds, step_of, told
from backstop.report.cases import (
    Status,
    ends_of_checks,
    name_of_session,
    status_of_check,
    status_of_ending,
    status_of_scenario,
    word_of,
)
from backstop.report.text import visible

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "normal",
    Severity.LOW: "minor",
    Severity.NONE: "trivial",
}
_CATEGORIES = (
    ("The bot is wrong", "failed"),
    ("Could not look: nothing is known", "broken"),
    ("Not applicable, or accepted by name", "skipped"),
)
_RED = {Status.FAILURE, Status.ERROR}
_MOST_LINES = 200  # of a journal, in one excerpt
_NOT_A_LINE = Damaged | Unknown


@dataclass(frozen=True, slots=True)
class _Result:
    """One test case as Allure shows it; times are UTC."""

    name: str
    title: str
    status: Status
    message: str
    suite: str
    sub_suite: str
    severity: Severity
    start: datetime
    stop: datetime
    stage: str = ""
    step: str = ""
    line: int | None = None
    steps: tuple[dict[str, Any], ...] = ()
    texts: dict[str, str] = field(default_factory=dict)
    lines: tuple[Record, ...] = ()


def allure_results(conclusion: Conclusion) -> Iterator[tuple[str, str]]:
    """The files of ``allure-results`` by name, with their text."""
    records = conclusion.facts.records
    if not records:
        return
    for result in (_session(conclusion), *_scenarios(conclusion), *_checks(conclusion)):
        yield from _files(result, conclusion)
    yield "categories.json", _json([{"name": n, "matchedStatuses": [s]} for n, s in _CATEGORIES])
    yield "environment.properties", _environment(conclusion)


def _checks(conclusion: Conclusion) -> Iterator[_Result]:
    facts = conclusion.facts
    by_line = {record.n: record for record in facts.records}
    by_stage = _by_stage(facts.records)
    for check in ends_of_checks(facts.checks):
        record = by_line[check.line]
        around = by_stage.get(check.stage, ())
        word, status = word_of(check), status_of_check(check)
        red = status in _RED or check.mark.value == "noticed"
        begun = _begun(check, record)
        look = step_of(f"{check.check}: {word}", status, begun, record.at)
        yield _Result(
            name=check.check,
            title=check.title,
            status=status,
            message=_message(check, word),
            suite=check.suite,
            sub_suite=check.scenario or check.stage,
            severity=check.severity,
            start=begun,
            stop=record.at,
            stage=check.stage,
            step=check.step,
            steps=(*map(told, around), look),
            texts={"found, wanted, request and response": check.message} if red and check.message else {},
            line=check.line,
            lines=(*around, record) if red or word == "degraded" else (),
        )


def _begun(check: CheckFacts, record: Record) -> datetime:
    """When it began to look; when it ended, where no such time is on any calendar."""
    try:
        return record.at - timedelta(seconds=check.seconds)
    except OverflowError:
        return record.at


def _scenarios(conclusion: Conclusion) -> Iterator[_Result]:
    records = conclusion.facts.records
    for result in conclusion.scenarios:
        names = {stage.name for stage in (result.before, result.fault, result.after) if stage}
        ours = [r for r in records if getattr(r.event, "stage", "") in names]
        span = ours or [records[0]]
        yield _Result(
            name=f"scenario.{result.name}",
            title=result.declared.title,
            status=status_of_scenario(result.verdict),
            message=_of_scenario(result),
            suite="scenarios",
            sub_suite=result.name,
            severity=_severity(result.declared.severity),
            start=span[0].at,
            stop=span[-1].at,
            step=result.declared.procedure,
            steps=tuple(told(record) for record in ours if is_telling(record)),
            lines=tuple(record for record in ours if is_telling(record)),
        )


def _session(conclusion: Conclusion) -> _Result:
    """The session itself: without it, one that fails by a rollback's witness would be all green."""
    records = conclusion.facts.records
    status = status_of_ending(conclusion.ending)
    next_step = [f"→ {conclusion.next_step}"] if conclusion.next_step else []
    telling = tuple(record for record in records if is_telling(record))
    return _Result(
        name=f"session.{conclusion.session or 'unknown'}",
        title=f"Verdict of {name_of_session(conclusion)}",
        status=status,
        message="\n".join((conclusion.headline, *conclusion.reasons, *next_step)),
        suite="session",
        sub_suite="verdict",
        severity=max(conclusion.severity, Severity.CRITICAL if status in _RED else Severity.NONE),
        start=records[0].at,
        stop=records[-1].at,
        steps=tuple(map(told, telling[:_MOST_LINES])),
        lines=telling,
    )


def _files(result: _Result, conclusion: Conclusion) -> Iterator[tuple[str, str]]:
    parameters = {"stage": result.stage, "target": conclusion.target, "run": conclusion.run}
    known = {name: value for name, value in parameters.items() if value}
    uuid = str(uuid5(NAMESPACE_URL, json.dumps([result.name, known])))
    excerpt = "".join(_line(record) for record in result.lines[-_MOST_LINES:])
    texts = {**result.texts, "lines of the journal": excerpt} if excerpt else result.texts
    attachments = []
    for number, (name, text) in enumerate(texts.items()):
        source = f"{uuid}-{number}-attachment.txt"
        attachments.append({"name": name, "source": source, "type": "text/plain"})
        yield source, visible(text)
    yield f"{uuid}-result.json", _json(_result(result, conclusion, uuid, known, attachments))


def _result(
    result: _Result,
    conclusion: Conclusion,
    uuid: str,
    parameters: dict[str, str],
    attachments: Sequence[dict[str, str]],
) -> dict[str, Any]:
    labels = {
        "parentSuite": name_of_session(conclusion),
        "suite": result.suite,
        "subSuite": result.sub_suite,
        "severity": _SEVERITIES[result.severity],
        "session": conclusion.session,
        "run": conclusion.run,
        "framework": "backstop",
        "language": "python",
    }
    links = [{"name": "report", "url": "report.html", "type": "link"}]
    return {
        "uuid": uuid,
        "historyId": str(uuid5(NAMESPACE_URL, json.dumps([result.name, parameters, "history"]))),
        "testCaseId": str(uuid5(NAMESPACE_URL, visible(result.name))),
        "fullName": visible(result.name),
        "name": visible(f"{result.name}: {result.title}"),
        "description": visible("\n\n".join(_described(result))),
        "status": STATUSES[result.status],
        "statusDetails": {"message": visible(result.message)} if result.message else {},
        "stage": "finished",
        "start": milliseconds(result.start),
        "stop": milliseconds(result.stop),
        "parameters": [{"name": name, "value": visible(value)} for name, value in parameters.items()],
        "labels": [{"name": name, "value": visible(value)} for name, value in labels.items() if value],
        "links": links,
        "steps": list(result.steps),
        "attachments": list(attachments),
    }


def _message(check: CheckFacts, word: str) -> str:
    return "" if word == "pass" and not check.message else f"{word}: {check.message or check.title}"


def _described(result: _Result) -> Iterator[str]:
    yield result.title
    if result.step:
        yield f"Step of the procedure: {result.step}"
    if result.line is not None:
        yield f"Line of the journal: {result.line}"


def _of_scenario(result: ScenarioResult) -> str:
    return (
        "\n".join(reason.text for reason in result.reasons) or f"{result.verdict}: {result.declared.changes}"
    )


def _severity(text: str) -> Severity:
    return next((each for each in Severity if each.value == text), Severity.CRITICAL)


def _by_stage(records: Sequence[Record]) -> dict[str, tuple[Record, ...]]:
    """What was done and seen in each stage beside its checks."""
    found: dict[str, list[Record]] = {}
    for record in records:
        if is_telling(record):
            found.setdefault(getattr(record.event, "stage", ""), []).append(record)
    return {stage: tuple(lines[-_MOST_LINES:]) for stage, lines in found.items()}


def _environment(conclusion: Conclusion) -> str:
    header = conclusion.facts.header
    tools = dict(header.tools) if header else {}
    known = {
        "session": conclusion.session,
        "target": conclusion.target,
        "worker": conclusion.worker,
        "url": conclusion.url,
        "run": conclusion.run,
        "verdict": conclusion.verdict.value,
        "exit_code": str(int(conclusion.ending)),
        **tools,
    }
    pairs = ((name, " ".join(visible(value).split())) for name, value in known.items() if value)
    return "".join(f"{name.replace(' ', '_')} = {value}\n" for name, value in pairs)


def _line(record: Record) -> str:
    return (
        f"# {record.event.kind} (line {record.n})\n"
        if isinstance(record.event, _NOT_A_LINE)
        else to_line(record)
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
