"""The timeline of a session as rows of a table: what happened, when, and which line says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from backstop.journal.events import (
    AvailabilitySeen,
    CheckFinished,
    Event,
    MutationArmed,
    MutationDone,
    MutationUndone,
    Problem,
    RollbackCommandEnded,
    RollbackFinished,
    RollbackPlanned,
    RollbackSpared,
    RollbackStarted,
    ScenarioRestored,
    SessionFinished,
    SessionStarted,
    StageReady,
    StageStarted,
    TargetResolved,
    Witnessed,
)
from backstop.journal.facts import CheckFacts, Facts
from backstop.journal.record import Damaged, Record, Unknown, select
from backstop.model.verdict import Outcome
from backstop.report.signs import Tone, sign_of_check
from backstop.report.text import bounded, duration, plural, short_ids

MOST_ROWS = 600
_MOST_NAMED = 12
_MOST_NAMED_TIGHT = 4
_WITNESS = "witness"
_LONGEST = 1000  # characters of a row
_TELLING = (Outcome.FAIL, Outcome.INCONCLUSIVE)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """``step`` is one word for the kind of thing; ``own`` says that the row stands for its line."""

    at: datetime
    t: float
    step: str
    text: str
    tone: Tone
    line: int
    own: bool = True

    @property
    def is_agreement(self) -> bool:
        """Whether it says no more than that witnesses agreed, which has a section of its own."""
        return self.step == _WITNESS and self.tone is Tone.GOOD


_Words = tuple[str, str, Tone]
_Described = dict[type[Event], Callable[[Any], _Words]]


def timeline(facts: Facts, *, tight: bool = False) -> tuple[tuple[TimelineRow, ...], int]:
    """The rows in order, at most ``MOST_ROWS``, and how many more there would have been.

    Of many stages it is ``tight``: without what another section of the page says of each of them.
    """
    rows = list(_tight(facts) if tight else _rows(_singles(facts, _DESCRIBE), _MOST_NAMED))
    return tuple(rows[:MOST_ROWS]), max(0, len(rows) - MOST_ROWS)


@dataclass(frozen=True, slots=True)
class _Single:
    """One line as a row. ``subject`` is who said it; neighbours of one ``kin`` become one row.

    Without kin it stands alone, also beside another of its line: what is damaged there stands before it.
    """

    row: TimelineRow
    kin: object = field(default_factory=object)
    subject: str = ""
    together: str = ""


def _tight(facts: Facts) -> Iterator[TimelineRow]:
    """How long a stage took to set up stands where it begins; witnesses who agree are told elsewhere."""
    took = {event.stage: duration(event.seconds) for _, event in select(facts.records, StageReady)}
    begins = {record.n: event.stage for record, event in select(facts.records, StageStarted)}
    for row in _rows(_singles(facts, _TIGHT), _MOST_NAMED_TIGHT):
        seconds = took.get(begins.get(row.line, ""))
        if not row.is_agreement:
            yield replace(row, text=f"{row.text}, set up in {seconds}") if seconds else row


def _rows(singles: Iterator[_Single], most_named: int) -> Iterator[TimelineRow]:
    """Checks that ended alike, and witnesses that agree, are one row where nothing lies between them."""
    for _, alike in groupby(singles, key=lambda single: single.kin):
        first, *others = alike
        if not others:
            yield first.row
            continue
        subjects = [first.subject, *(other.subject for other in others)]
        more = f" and {len(subjects) - most_named} more" if len(subjects) > most_named else ""
        yield replace(first.row, text=f"{', '.join(subjects[:most_named])}{more}{first.together}")


def _singles(facts: Facts, described: _Described) -> Iterator[_Single]:
    checks = {check.line: check for check in facts.checks}
    ends = _last_of_each_stage(facts)
    for record in facts.records:
        check = checks.get(record.n) if isinstance(record.event, CheckFinished) else None
        if check is None:
            row = _event(record, described)
            if row is not None:
                yield _alone(row, record.event)
            continue
        if check.outcome in _TELLING or check.expected_red:
            sign = sign_of_check(check)
            text = short_ids(f"{check.check}: {check.title}")
            row = TimelineRow(record.at, record.t, sign.word, text, sign.tone, record.n, own=False)
            yield _Single(row, (sign.word, check.stage), check.check)
        if record.n in ends:
            row = TimelineRow(record.at, record.t, "checked", ends[record.n], Tone.MUTED, record.n, own=False)
            yield _Single(row)


def _alone(row: TimelineRow, event: Event) -> _Single:
    if isinstance(event, Witnessed) and event.agrees:
        return _Single(row, ("agrees", event.stage, event.wanted), event.witness, f" say {event.wanted[:8]}")
    return _Single(row)


def _last_of_each_stage(facts: Facts) -> dict[int, str]:
    """For the last check of each stage, by line, the tally of that stage."""
    return {checks[-1].line: tally(checks) for checks in facts.by_stage.values()}


def tally(checks: Sequence[CheckFacts]) -> str:
    """Such as ``16 checks: 14 pass, 2 noticed``."""
    words = Counter(sign_of_check(check).word for check in checks)
    return f"{plural(len(checks), 'check')}: " + ", ".join(f"{n} {word}" for word, n in words.items())


def _event(record: Record, described: _Described) -> TimelineRow | None:
    describe = described.get(type(record.event))
    if describe is None:
        return None
    step, text, tone = describe(record.event)
    own = not isinstance(record.event, Damaged)  # it stands before the line of its number
    words = bounded(short_ids(text), record.n, _LONGEST)
    return TimelineRow(record.at, record.t, step, words, tone, record.n, own)


def _session(event: SessionStarted) -> _Words:
    return "start", f"{event.session} of {event.target}: {event.mutates or 'changes nothing'}", Tone.MUTED


def _resolved(event: TargetResolved) -> _Words:
    return "reached", f"{event.worker} at {event.url}", Tone.MUTED


def _stage(event: StageStarted) -> _Words:
    return "stage", f"{event.stage} begins", Tone.MUTED


def _ready(event: StageReady) -> _Words:
    serving = f"{event.version} serves; " if event.version else ""
    return "ready", f"{serving}set up in {duration(event.seconds)}", Tone.MUTED


def _armed(event: MutationArmed) -> _Words:
    return "armed", f"{event.what} (to undo: {event.undo})", Tone.WARN


def _done(event: MutationDone) -> _Words:
    word = "changed" if event.ok else "not changed"
    return word, event.detail or event.mutation, Tone.WARN if event.ok else Tone.BAD


def _undone(event: MutationUndone) -> _Words:
    return "undone", event.how, Tone.GOOD


def _witness(event: Witnessed) -> _Words:
    found = event.found or "nothing"
    if event.agrees:
        return _WITNESS, f"{event.witness} says {found}", Tone.GOOD
    detail = f": {event.detail}" if event.detail else ""
    return _WITNESS, f"{event.witness} says {found}, wanted {event.wanted}{detail}", Tone.BAD


def _planned(event: RollbackPlanned) -> _Words:
    text = f"{event.from_version} → {event.to_version}: {event.why}"
    if event.refusals:
        return "planned", f"{text}; refused: {'; '.join(event.refusals)}", Tone.BAD
    return "planned", text, Tone.MUTED


def _spared(event: RollbackSpared) -> _Words:
    return "spared", event.why, Tone.MUTED


def _rolling(event: RollbackStarted) -> _Words:
    text = f"{event.from_version} → {event.to_version or 'no version'}: {event.reason} ({event.why})"
    return "roll back", text, Tone.WARN


def _rolling_tight(event: RollbackStarted) -> _Words:
    text = f"{event.from_version} → {event.to_version or 'no version'}: {event.reason}"
    return "roll back", text, Tone.WARN


def _commanded(event: RollbackCommandEnded) -> _Words:
    wrote = f"; it wrote: {event.output}" if event.output else "; it wrote nothing"
    command = " ".join(event.command)
    return "command", f"{command}: {event.ended}, {duration(event.seconds)}{wrote}", Tone.MUTED


def _rolled(event: RollbackFinished) -> _Words:
    steps = ", ".join(f"{name.replace('_', ' ')} {duration(t)}" for name, t in event.timings.items())
    return _ended(event, steps)


def _rolled_tight(event: RollbackFinished) -> _Words:
    return _ended(event, f"after {duration(max(event.timings.values()))}" if event.timings else "")


def _ended(event: RollbackFinished, when: str) -> _Words:
    said = "; ".join(part for part in (event.detail, when) if part)
    tone = Tone.GOOD if event.outcome == "done" else Tone.BAD
    return event.outcome, f"rollback {event.outcome}: {said}", tone


def _availability(event: AvailabilitySeen) -> _Words:
    failed = f"{event.failed} of {plural(event.sent, 'plain request')} failed in {event.stage}"
    down = f", down for {duration(event.down)}" if event.down else ""
    return "available", failed + down, Tone.MUTED


def _restored(event: ScenarioRestored) -> _Words:
    return "restored", f"{event.how}: {event.detail}", Tone.WARN if event.mended else Tone.GOOD


def _problem(event: Problem) -> _Words:
    remedy = f" → {event.remedy}" if event.remedy else ""
    return "problem", event.message + remedy, Tone.BAD


def _finished(event: SessionFinished) -> _Words:
    return "end", f"{plural(event.planned, 'check')} were due; {duration(event.seconds)} in all", Tone.MUTED


def _damaged(event: Damaged) -> _Words:
    return "damaged", f"{event.why} {event.text}".strip(), Tone.BAD


def _unknown(event: Unknown) -> _Words:
    return "unknown", f"a line of the kind {event.name}, which this version does not know", Tone.UNSURE


_DESCRIBE: _Described = {
    SessionStarted: _session,
    TargetResolved: _resolved,
    StageStarted: _stage,
    StageReady: _ready,
    MutationArmed: _armed,
    MutationDone: _done,
    MutationUndone: _undone,
    Witnessed: _witness,
    RollbackPlanned: _planned,
    RollbackSpared: _spared,
    RollbackStarted: _rolling,
    RollbackCommandEnded: _commanded,
    RollbackFinished: _rolled,
    AvailabilitySeen: _availability,
    ScenarioRestored: _restored,
    Problem: _problem,
    SessionFinished: _finished,
    Damaged: _damaged,
    Unknown: _unknown,
}

_TIGHT: _Described = {kind: words for kind, words in _DESCRIBE.items() if kind is not StageReady} | {
    RollbackStarted: _rolling_tight,
    RollbackFinished: _rolled_tight,
}
