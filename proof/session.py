"""One pytest session of the suites against one bot: every stage of a proof, with one start-up."""

from __future__ import annotations

import io
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from backstop.environment import read_environment
from backstop.journal.events import CheckFinished, Problem, StageStarted
from backstop.journal.record import Record, select
from backstop.journal.writer import Journal, Listener
from backstop.model.run import SessionKind
from backstop.model.target import Target
from backstop.model.verdict import Ending
from backstop.policy.adjudicate import acceptance
from backstop.rollback.responder import Safeguards
from backstop.settings.targets import load_targets
from backstop.settings.worker import with_worker
from backstop.storage import RunDirectory
from fixtures.options import register_markers
from fixtures.state import SESSION, Session
from proof.conductor import ProofConductor
from proof.manifest import ROOT
from proof.results import BotResult, Plan, Row, Seen
from proof.stages import scenarios, stage_names, timeline

_ARGUMENTS = (
    "--quiet",
    "--capture=no",
    "--tb=native",  # the journal has the words; pytest's own tracebacks cost more than the checks
    "-pno:fixtures.session",  # this session is set up here
    "-pno:fixtures.terminal",
    "-pno:cacheprovider",
    "-pno:junitxml",
    "-pno:xdist",
    # our plugins are imported before pytest could rewrite their assertions; they have none
    "-Wignore:Module already imported:pytest.PytestAssertRewriteWarning",
)
_OF_THE_SUITES = {Ending.VERIFIED, Ending.FAILED, Ending.INCONCLUSIVE}


def look_at(plan: Plan, tell: Listener) -> BotResult:
    """Run one bot's part; ``tell`` hears every record. Raises BackstopError for settings that are wrong."""
    directory = RunDirectory.create(plan.reports, "proof", plan.bot.name, datetime.now(UTC))
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(directory.path / "journal.jsonl", listeners=[tell]))
        session = _session(plan, directory, journal, stack)
        output = io.StringIO()
        with redirect_stdout(output):
            code = pytest.main([*_ARGUMENTS, f"--rootdir={ROOT}", str(ROOT / "suites")], [Begin(session)])
        log = directory.write("pytest.log", output.getvalue())
        whole = ran_to_its_end(int(code), session.planned, journal.records)
        failure = "" if whole else f"pytest ended with {int(code)}: see {log}"
        return _result(plan, session.target, journal.records, failure)


def ran_to_its_end(code: int, planned: int, records: Sequence[Record]) -> bool:
    """Whether every check had its turn, whatever it said: what each says is the judge's to weigh.

    Where none of them is red, a proof's session is inconclusive, since it looked at many bots and not at one.
    """
    finished = sum(1 for _ in select(records, CheckFinished))
    return code in _OF_THE_SUITES and 0 < planned <= finished


@dataclass(slots=True)
class Begin:
    """A plugin that puts our session in the place of the one that a command line would have begun."""

    session: Session

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Before anything is collected."""
        register_markers(config)
        config.stash[SESSION] = self.session

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """End the sandbox, whatever happened."""
        self.session.conductor.close()


def _session(plan: Plan, directory: RunDirectory, journal: Journal, stack: ExitStack) -> Session:
    path = plan.bot.targets
    found = load_targets(path, read_environment(path.parent / ".env")).get(plan.bot.target)
    target, run = with_worker(found), secrets.token_hex(4)
    variants = tuple(variant for variant in plan.variants if variant.fits(plan.bot.name))
    names = stage_names(variants, plan.clean_looks)
    guards = Safeguards.beneath(directory.path)
    conductor = ProofConductor(run, target, guards, journal.write, variants=variants, limit=plan.limit)
    stages, known = timeline(names), scenarios(names)
    return Session(run, SessionKind.LOOK, target, known, stages, directory, journal, conductor, stack)


def _result(plan: Plan, target: Target, records: tuple[Record, ...], failure: str) -> BotResult:
    rows = _rows(records)
    problems = [event.message for _, event in select(records, Problem) if not event.stage]
    today = datetime.now(UTC).date()
    ids = {check for row in rows.values() for check in row.checks}
    accepted = tuple(sorted(check for check in ids if acceptance(check, target.accept, today)))
    seconds = round(records[-1].t, 2) if records else 0.0
    return BotResult(plan.bot.name, rows, (*problems, *filter(None, [failure])), accepted, seconds)


def _rows(records: Iterable[Record]) -> dict[str, Row]:
    """The outcomes of each stage by the name of its variant."""
    records = tuple(records)
    checks: dict[str, dict[str, Seen]] = defaultdict(dict)
    ended: dict[str, float] = {}
    for record, event in select(records, CheckFinished):
        checks[event.scenario][event.check] = Seen(event.outcome, event.message)
        ended[event.scenario] = record.t
    began = {_scenario(event.stage): record.t for record, event in select(records, StageStarted)}
    failed = {_scenario(event.stage): event.message for _, event in select(records, Problem) if event.stage}
    return {
        name: Row(seen, round(ended[name] - began[name], 3), failed.get(name, ""))
        for name, seen in checks.items()
    }


def _scenario(stage: str) -> str:
    """The last part of a stage's name, behind its number and its phase."""
    return stage.split("-", 2)[2]
