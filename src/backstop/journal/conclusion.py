"""What a session's journal amounts to. A pure, total function: the same lines, the same conclusion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backstop.journal.chain import seal
from backstop.journal.events import Problem, TargetResolved, VersionSeen
from backstop.journal.facts import CheckFacts, Facts, gather
from backstop.journal.reason import Reason
from backstop.journal.record import Record, select
from backstop.journal.rules import reasons_of_session
from backstop.journal.scenarios import (
    ScenarioResult,
    reasons_of_scenarios,
    scenario_results,
)
from backstop.journal.signals import policy_of, signals_of
from backstop.journal.timings import session_timings
from backstop.journal.wording import count, decision, headline, next_step
from backstop.model.severity import Severity
from backstop.model.verdict import WORST_FIRST, Ending, Verdict, worst
from backstop.policy.rule import Ruling, rule


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How a session ended and why.

    ``findings`` are the reasons against *verified*, the worst first. ``timings`` are seconds, with
    keys that end in ``_s``. ``from_version`` and ``to_version`` are empty when nothing was rolled back.
    ``ruling`` is what the decision policy makes of it, ``decision`` that in words.
    """

    run: str
    session: str
    target: str
    worker: str
    url: str
    ending: Ending
    severity: Severity
    ruling: Ruling
    decision: str
    from_version: str
    to_version: str
    checks: tuple[CheckFacts, ...]
    scenarios: tuple[ScenarioResult, ...]
    findings: tuple[Reason, ...]
    timings: dict[str, float]
    counts: dict[str, int]
    problems: tuple[Problem, ...]
    headline: str
    next_step: str
    facts: Facts

    @property
    def verdict(self) -> Verdict:
        """The word for the ending."""
        return self.ending.verdict

    @property
    def seal(self) -> str:
        """The hash that stands for all of the journal; empty where it is not chained."""
        return seal(self.facts.records)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the session is not verified, in sentences, the worst first; empty when it is."""
        return tuple(dict.fromkeys(reason.text for reason in self.findings))


def conclude(records: Sequence[Record]) -> Conclusion:
    """Judge a journal. Whatever is missing, damaged or unknown counts against *verified*."""
    facts = gather(records)
    found = (*reasons_of_session(facts), *reasons_of_scenarios(facts))
    findings = tuple(sorted(found, key=lambda reason: WORST_FIRST.index(reason.ending)))
    ending = worst(reason.ending for reason in findings)
    scenarios = scenario_results(facts, findings)
    ruling = rule(signals_of(facts), policy_of(facts))
    severity = ruling.severity
    header = facts.header
    worker, url = _resolved(facts)
    return Conclusion(
        run=header.run if header else "",
        session=header.session if header else "",
        target=header.target if header else "",
        worker=worker,
        url=url,
        ending=ending,
        severity=severity,
        ruling=ruling,
        decision=decision(ruling, ending, facts),
        from_version=_version(facts, "from"),
        to_version=_version(facts, "to"),
        checks=facts.checks,
        scenarios=scenarios,
        findings=findings,
        timings=session_timings(facts),
        counts=count(facts.checks),
        problems=tuple(problem for _, problem in select(facts.records, Problem)),
        headline=headline(findings, severity, facts, scenarios),
        next_step=next_step(ending, findings, facts),
        facts=facts,
    )


def _resolved(facts: Facts) -> tuple[str, str]:
    """The worker and its URL, as they turned out to be."""
    worker, url = (facts.header.worker, facts.header.url) if facts.header else ("", "")
    for _, resolved in select(facts.records, TargetResolved):
        worker, url = resolved.worker or worker, resolved.url or url
    return worker, url


def _version(facts: Facts, role: str) -> str:
    """The last rollback's version in this role, else the version that was seen in it."""
    if facts.rollbacks:
        started = facts.rollbacks[-1].started
        return started.from_version if role == "from" else started.to_version
    seen = [event.version for _, event in select(facts.records, VersionSeen) if event.role == role]
    return seen[-1] if seen else ""
