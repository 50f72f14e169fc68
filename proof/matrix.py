"""The proof as people and programs read it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from itertools import groupby

from backstop.model.verdict import Outcome
from proof.judge import RED, Finding, Judgement, expected
from proof.manifest import Variant
from proof.results import BotResult, Row, Seen
from proof.stages import CLEAN

SCHEMA = 1
_LEGEND = "# noticed, + degraded as wanted, ! surplus, ? missed, ~ degraded, o inconclusive, - n/a, . green"
_MARKS = {
    Outcome.PASS.value: ".",
    Outcome.NOT_APPLICABLE.value: "-",
    Outcome.DEGRADED.value: "~",
    Outcome.INCONCLUSIVE.value: "o",
}
_HEADINGS = {
    "problems": "what could not be looked at",
    "missed": "missed: named by the manifest, and not red",
    "surplus": "surplus: red, and not named by the manifest",
    "alarms": "alarms: not green over a good bot or a benign variant",
    "unknown": "manifests that name no check",
    "unnoticeable": "faults that no bot has a check for",
    "unproven": "checks that no fault turns red",
    "provable": "checks that are declared unprovable, and are red all the same",
}
_MANY = frozenset({"missed", "surplus"})  # whose messages are in the journal
_MOST = 30  # findings of one kind that are shown
_DETAIL = 300  # characters of a message that the list shows


def as_text(variants: Sequence[Variant], result: BotResult) -> Iterator[str]:
    """One bot's matrix: a line for each stage and in it a mark for each check, in the legend's order."""
    checks = sorted({check for row in result.rows.values() for check in row.checks})
    width = max((len(name) for name in result.rows), default=0)
    by_name = {variant.name: variant for variant in variants}
    yield f"{result.bot}: {len(result.rows)} stages, {len(checks)} checks, {result.seconds:.0f} s"
    for suite, members in _suites(checks):
        yield f"  {suite}: {' '.join(check.partition('.')[2] for check in members)}"
    yield f"  {_LEGEND}"
    yield f"  {'':{width}}  {_headings(checks)}"
    for name, row in result.rows.items():
        if not name.startswith(CLEAN):
            yield f"  {name:{width}}  {_marks(checks, row, result, by_name.get(name))}  {row.seconds:.1f} s"


def _suites(checks: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    for suite, members in groupby(checks, lambda check: check.partition(".")[0]):
        yield suite, list(members)


def _headings(checks: Sequence[str]) -> str:
    return " ".join(f"{suite[: len(members)]:{len(members)}}" for suite, members in _suites(checks))


def _marks(checks: Sequence[str], row: Row, result: BotResult, variant: Variant | None) -> str:
    wanted = expected(result, variant) if variant else frozenset()
    named = variant.noticed_by if variant else frozenset()
    return " ".join(
        "".join(
            _mark(row.checks.get(check), wanted=check in wanted, named=check in named) for check in members
        )
        for _, members in _suites(checks)
    )


def _mark(seen: Seen | None, *, wanted: bool, named: bool) -> str:
    if seen is not None and seen.outcome == RED:
        return "#" if named else "!"
    if seen is not None and wanted and seen.outcome == Outcome.DEGRADED.value:
        return "+"
    return "?" if wanted or seen is None else _MARKS.get(seen.outcome, "?")


def findings(judgement: Judgement) -> Iterator[str]:
    """Everything that speaks against the proof, under its heading: a line for each cause."""
    for field in fields(judgement):
        found: tuple[Finding, ...] = getattr(judgement, field.name)
        if found:
            yield f"{_HEADINGS[field.name]} ({len(found)})"
        if field.name in _MANY:
            yield from _by_variant(found)
        else:
            yield from (f"  {_line(each)}" for each in found[:_MOST])
        if len(found) > _MOST and field.name not in _MANY:
            yield f"  … and {len(found) - _MOST} more: see matrix.json"


def _by_variant(found: Sequence[Finding]) -> Iterator[str]:
    """What a manifest would have to say otherwise: a line for each variant, its checks, and the bots."""
    for variant in dict.fromkeys(each.variant for each in found):
        bots: dict[str, list[str]] = {}
        for each in found:
            if each.variant == variant:
                bots.setdefault(each.check, []).append(each.bot)
        shown = (f"{check} ({'+'.join(where)})" for check, where in sorted(bots.items()))
        yield f"  {variant}: {', '.join(shown)}"


def _line(finding: Finding) -> str:
    where = " ".join(part for part in (finding.bot, finding.variant, finding.check) if part)
    detail = " ".join(finding.detail.split())[:_DETAIL]
    return f"{where}: {detail}" if detail else where


def as_json(variants: Sequence[Variant], results: Sequence[BotResult], judgement: Judgement) -> str:
    """All of it, for programs."""
    shown = {
        "schema": SCHEMA,
        "proven": judgement.proven,
        "variants": {
            variant.name: {
                "changes": variant.changes,
                "benign": variant.benign,
                "noticed_by": sorted(variant.noticed_by),
                "degrades": sorted(variant.degrades),
            }
            for variant in variants
        },
        "bots": {result.bot: _bot(result) for result in results},
        "against": {
            field.name: [asdict(each) for each in getattr(judgement, field.name)]
            for field in fields(judgement)
        },
    }
    return json.dumps(shown, indent=1, ensure_ascii=False) + "\n"


def _bot(result: BotResult) -> Mapping[str, object]:
    stages = {
        name: {"seconds": row.seconds, "checks": {check: seen.outcome for check, seen in row.checks.items()}}
        for name, row in result.rows.items()
    }
    return {"seconds": result.seconds, "stages": stages}
