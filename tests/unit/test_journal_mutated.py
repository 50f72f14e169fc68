"""Whatever stands in a member of a line of a journal: every writer writes, and nothing of it acts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from hypothesis import example, given, settings
from hypothesis import strategies as st

from backstop.journal.conclusion import Conclusion, conclude
from backstop.journal.merge import Source, merge
from backstop.journal.reader import parse
from backstop.journal.record import Record
from backstop.report.allure import allure_results
from backstop.report.html import page
from backstop.report.incident import incident
from backstop.report.junit import junit
from backstop.report.merged import merged_incident, merged_page
from backstop.report.merged_verdict import merged_verdict
from backstop.report.step_summary import step_summary
from backstop.report.summary import summary
from backstop.report.verdict_json import verdict_text
from tests.unit.hostile import ACTING, HOSTILE
from tests.unit.test_report_html import Outline

_GOLDEN = Path(__file__).resolve().parents[1] / "golden"
_JOURNALS = {
    name: tuple(
        {member: value for member, value in json.loads(line).items() if member != "chain"}
        for line in (_GOLDEN / name).read_text(encoding="utf-8").splitlines()
    )
    for name in ("rollback/journal.jsonl", "of-before/journal.jsonl", "incident/look.jsonl")
}
_LARGEST = 1_500_000  # characters
_HUGE = "w" * 1_000_000  # without a space

_VALUES: tuple[Any, ...] = (
    *(None, True, [], {}, "", -1, 0, 10**400, -(10**30), 1e308, -1e308, 1e-320, -0.5),
    *(
        HOSTILE,
        f"\ud800{HOSTILE}\udfff",
        HOSTILE * 300,
        _HUGE,
        "\u202e" * 5000,
        "9999-12-31T23:59:59.999999Z",
    ),
    *("0001-01-01T00:00:00Z", [HOSTILE] * 50, {HOSTILE: HOSTILE}, {"a": {"b": [HOSTILE]}}, [[[]]]),
    *([1e308] * 20, [-1.0, 0.0] * 9, "1-fault-x", "pass", "drill", "good"),
)


@st.composite
def _mutated(draw: st.DrawFn) -> tuple[Record, ...]:
    """A golden journal in which some members are something else."""
    lines = [dict(line) for line in _JOURNALS[draw(st.sampled_from(sorted(_JOURNALS)))]]
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(
            st.sampled_from(sorted({line["kind"] for line in lines if isinstance(line["kind"], str)}))
        )
        alike = [line for line in lines if line["kind"] == kind]
        member = draw(st.sampled_from(sorted(alike[0])))
        value = draw(st.sampled_from(_VALUES))
        for line in alike if draw(st.booleans()) else alike[:1]:
            line[member] = value
    return tuple(parse([f"{json.dumps(line)}\n".encode() for line in lines]))


def _of(kind: str, member: str, value: object) -> tuple[Record, ...]:
    lines = (
        {**line, member: value} if line["kind"] == kind else line
        for line in _JOURNALS["rollback/journal.jsonl"]
    )
    return tuple(parse([f"{json.dumps(line)}\n".encode() for line in lines]))


def _pages(conclusion: Conclusion) -> Iterator[str]:
    yield page(conclusion)
    merged = merge([Source("one", conclusion.facts.records), Source("two", None, "fra", "there is none")])
    yield merged_page(merged)


def _texts(conclusion: Conclusion) -> Iterator[str]:
    yield incident(conclusion)
    merged = merge([Source("one", conclusion.facts.records)])
    yield merged_incident(merged)
    yield step_summary(conclusion)
    yield summary(conclusion)


@given(records=_mutated())
@example(records=_of("check-finished", "seconds", 1e308))
@example(records=_of("check-finished", "check", "\ud800"))
@settings(max_examples=40)
def test_every_writer_writes_and_nothing_acts(records: tuple[Record, ...]) -> None:
    """Pages are whole and make no element of anybody's text; JUnit is XML, what programs read is JSON."""
    conclusion = conclude(records)

    for made in _pages(conclusion):
        outline = Outline(made)
        assert [] == outline.open
        assert not {"script", "img", "iframe", "style onload"} & outline.tags.keys()
        assert not any(name == "style" or name.startswith("on") for name in outline.attributes)
        assert [] == [name for name, count in Counter(outline.ids).items() if count > 1]
        assert set() == {link for link in outline.links if link.removeprefix("#") not in outline.ids}
        assert not ACTING & set(made)
        assert len(made.encode()) < _LARGEST
    for written in _texts(conclusion):
        assert not (ACTING - {"\x1b"}) & set(written)
        assert len(written.encode()) < _LARGEST
    ET.fromstring(junit(conclusion))  # noqa: S314 - our own file
    json.loads(verdict_text(conclusion))
    json.dumps(merged_verdict(merge([Source("one", records)]))).encode()
    for name, text in allure_results(conclusion):
        assert not name.endswith(".json") or json.loads(text)
        assert text.encode()
