"""One incident out of several journals: a drill, a rollback, a watch; or one look from many places. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from string import ascii_uppercase

from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.reason import Reason
from backstop.journal.record import NEVER, Damaged, Record, began
from backstop.model.decision import Decision
from backstop.model.errors import UsageError
from backstop.model.plain_text import plain_text
from backstop.model.severity import Severity
from backstop.model.verdict import WORST_FIRST, Ending, Verdict, worst

MOST = len(ascii_uppercase)  # journals of one incident: each is cited by a letter
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Source:
    """A journal that was named, or should be there. ``vantage`` is the place that it looked from, if any.

    ``records`` is None where there is none, and ``missing`` says why.
    """

    name: str
    records: tuple[Record, ...] | None
    vantage: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One journal and what it amounts to. ``label`` is the letter by which it is cited."""

    label: str
    source: Source
    conclusion: Conclusion

    @property
    def records(self) -> tuple[Record, ...]:
        """All that it says."""
        return self.conclusion.facts.records

    @property
    def began(self) -> datetime:
        """When its first line was written, by the clock of its machine."""
        return began(self.records) or NEVER

    @property
    def ended(self) -> datetime:
        """When its last line was written: its begin and what passed since, also where a clock was set."""
        try:
            return self.began + timedelta(seconds=max(0.0, self.conclusion.facts.ended))
        except OverflowError:  # of a clock beyond the year 9999
            return self.began

    @property
    def told(self) -> str:
        """What it is, in words."""
        session = self.conclusion.session.replace("_", " ") or "a session of which no first line is left"
        return f"{session} from {self.source.vantage}" if self.source.vantage else session


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason against *verified*, of one journal, or of all of them together."""

    reason: Reason
    label: str = ""

    @property
    def text(self) -> str:
        """The reason, in a sentence."""
        return self.reason.text

    @property
    def line(self) -> str | None:
        """Where it is written; None where no line says it."""
        if not self.label:
            return None
        return self.label if self.reason.line is None else f"{self.reason.line} of {self.label}"


@dataclass(frozen=True, slots=True)
class Merged:
    """Several journals as one. ``parts`` are in the order of their begin, ``findings`` the worst first."""

    parts: tuple[Part, ...]
    copies: tuple[str, ...]
    findings: tuple[Finding, ...]
    missing: tuple[str, ...]

    @property
    def ending(self) -> Ending:
        """The worst of all."""
        return worst((*(p.conclusion.ending for p in self.parts), *(f.reason.ending for f in self.findings)))

    @property
    def verdict(self) -> Verdict:
        """The word for the ending."""
        return self.ending.verdict

    @property
    def severity(self) -> Severity:
        """The heaviest of all."""
        return max((part.conclusion.severity for part in self.parts), default=Severity.NONE)

    @property
    def target(self) -> str:
        """The bot that all of it is about."""
        return next((part.conclusion.target for part in self.parts if part.conclusion.target), "")

    @property
    def worker(self) -> str:
        """Its worker, as it last turned out to be."""
        return next((p.conclusion.worker for p in reversed(self.parts) if p.conclusion.worker), "")

    @property
    def url(self) -> str:
        """Its address, as it last turned out to be."""
        return next((p.conclusion.url for p in reversed(self.parts) if p.conclusion.url), "")

    @property
    def began(self) -> datetime:
        """When the first line of all was written."""
        return min((at for part in self.parts if (at := began(part.records))), default=NEVER)

    @property
    def rolled_back(self) -> Part | None:
        """The last journal with a rollback that was meant."""
        made = (p for p in self.parts if p.conclusion.facts.rollbacks and not p.conclusion.facts.is_drill)
        return max(made, key=lambda part: part.began, default=None)

    @property
    def decision(self) -> str:
        """What to do about the bot as it is: as the heaviest says of those that saw it since the rollback."""
        since = self.rolled_back.began if self.rolled_back else NEVER
        now = [part for part in self.parts if part.began >= since]
        heaviest = max(now, key=lambda p: (p.conclusion.severity.rank, p.ended), default=None)
        return heaviest.conclusion.decision if heaviest else Decision.NOTHING.value

    @property
    def next_step(self) -> str:
        """That of the journal that ended worst, the newest of equals; or to find what is missing."""
        ended = [part for part in reversed(self.parts) if part.conclusion.ending is self.ending]
        if self.missing and not ended:
            return f"look from there as well, or find its journal: {', '.join(self.missing)}"
        return next((part.conclusion.next_step for part in ended), "")

    @property
    def headline(self) -> str:
        """The verdict in one line."""
        said = [self.verdict.value.upper().replace("_", " ")]
        if self.severity is not Severity.NONE:
            said.append(self.severity.value)
        well = sum(part.conclusion.ending is Ending.VERIFIED for part in self.parts)
        said.append(f"{well} of {len(self.parts)} journals verified")
        said += [f"{part.label}, {part.told}: {part.conclusion.verdict.value}" for part in self._worst()]
        if self.missing:
            said.append(f"missing: {', '.join(self.missing)}")
        return " · ".join(said)

    def _worst(self) -> list[Part]:
        bad = [part for part in self.parts if part.conclusion.ending is not Ending.VERIFIED]
        return sorted(bad, key=lambda p: WORST_FIRST.index(p.conclusion.ending))[:_MOST_NAMED]


def merge(sources: Sequence[Source]) -> Merged:
    """What several journals amount to together.

    Each session counts once, the worst of them decides, and a vantage point without a journal of its own is
    inconclusive. Raises UsageError when they are not about one bot, or too many.
    """
    there = [source for source in sources if source.records is not None]
    if len(there) > MOST:
        raise UsageError(f"found {len(there)} journals, wanted at most {MOST}", remedy="merge fewer")
    kept, copies = _once(there)
    parts = _parts(kept)
    _refuse_others(parts)
    missing = [source for source in sources if source.records is None]
    found = (*_of_parts(parts), *_missing(missing), *_not_its_own(copies), *_at_odds(parts))
    findings = tuple(sorted(found, key=lambda each: WORST_FIRST.index(each.reason.ending)))
    told = tuple(
        f"{copy.name} is the session of {source.name} again, and counts once" for copy, source in copies
    )
    absent = [source.vantage or source.name for source in missing]
    absent += [copy.vantage for copy, source in copies if _is_another_place(copy, source)]
    return Merged(parts, told, findings, tuple(dict.fromkeys(absent)))


def _parts(sources: Sequence[Source]) -> tuple[Part, ...]:
    made = [Part("", source, conclude(source.records or ())) for source in sources]
    made.sort(key=lambda part: (not part.records, part.began, part.source.name))
    return tuple(
        Part(label, part.source, part.conclusion) for label, part in zip(ascii_uppercase, made, strict=False)
    )


def _once(sources: Sequence[Source]) -> tuple[list[Source], list[tuple[Source, Source]]]:
    """The journals without those that say no more than another one, and these with that other."""
    kept: list[Source] = []
    copies: list[tuple[Source, Source]] = []
    for source in sorted(sources, key=lambda each: (-len(_whole(each)), not each.vantage)):
        same = next((each for each in kept if _begins_with(_whole(each), _whole(source))), None)
        if same is None:
            kept.append(source)
        else:
            copies.append((source, same))
    return kept, copies


def _whole(source: Source) -> tuple[Record, ...]:
    """A journal without the part of a line at which it was cut."""
    records = source.records or ()
    return records[:-1] if records and isinstance(records[-1].event, Damaged) else records


def _begins_with(long: tuple[Record, ...], short: tuple[Record, ...]) -> bool:
    return bool(short) and long[: len(short)] == short


def _refuse_others(parts: Sequence[Part]) -> None:
    for one, other in combinations(parts, 2):
        if not _is_same_bot(one.conclusion, other.conclusion):
            told = (
                f"{p.conclusion.target} ({p.conclusion.worker or 'no worker'}, {p.source.name})"
                for p in (one, other)
            )
            message = f"the journals are about different bots: {' and '.join(told)}"
            raise UsageError(plain_text(message), remedy="make a report for each of them")


def _is_same_bot(one: Conclusion, other: Conclusion) -> bool:
    """Whether nothing tells that they are about two; a journal without its first line does not say."""
    if not one.target or not other.target:
        return True
    if one.url and one.url == other.url:
        return True
    same_worker = one.worker == other.worker or not one.worker or not other.worker
    return one.target == other.target and same_worker


def _of_parts(parts: Sequence[Part]) -> Iterator[Finding]:
    for part in parts:
        for reason in part.conclusion.findings:
            yield Finding(reason, part.label)


def _missing(missing: Sequence[Source]) -> Iterator[Finding]:
    for source in missing:
        text = f"nothing is known from {source.vantage or source.name}: {source.missing}"
        yield Finding(Reason(Ending.INCONCLUSIVE, text))


def _is_another_place(copy: Source, source: Source) -> bool:
    return bool(copy.vantage) and copy.vantage != source.vantage


def _not_its_own(copies: Sequence[tuple[Source, Source]]) -> Iterator[Finding]:
    for copy, source in copies:
        if _is_another_place(copy, source):
            of = source.vantage or source.name
            text = f"nothing is known from {copy.vantage}: its journal is the one of {of}"
            yield Finding(Reason(Ending.INCONCLUSIVE, text))


def _at_odds(parts: Sequence[Part]) -> Iterator[Finding]:
    """Two journals of one session that tell different things: one of them was changed."""
    for one, other in combinations(parts, 2):
        if one.conclusion.run and one.conclusion.run == other.conclusion.run:
            text = (
                f"{one.label} and {other.label} are both of run {one.conclusion.run}, and differ from line "
                f"{_first_difference(one.records, other.records)} on: one of them was changed"
            )
            yield Finding(Reason(Ending.INCONCLUSIVE, text))


def _first_difference(one: Sequence[Record], other: Sequence[Record]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def merged_timings(merged: Merged) -> Mapping[str, float]:
    """Seconds: from the first line of all to the last, and the longest of each step."""
    timings: dict[str, float] = {}
    for part in merged.parts:
        for name, seconds in part.conclusion.timings.items():
            timings[name] = max(seconds, timings.get(name, seconds))
    written = [part for part in merged.parts if part.records]
    if written:
        began, ended = min(p.began for p in written), max(p.ended for p in written)
        timings["session_s"] = (ended - began).total_seconds()
    return timings
