"""What was seen word for word and what was measured, as sections of the page."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backstop.journal.events import (
    CheckFinished,
    Event,
    ExchangeSeen,
    HeadersSeen,
    LatencySampled,
    RollbackFinished,
    SessionStarted,
    TailExcerpt,
    TailWatched,
)
from backstop.journal.facts import gather
from backstop.journal.record import Record
from backstop.report.details import detail_groups
from backstop.report.headers import header_changes
from backstop.report.html import render_html
from backstop.report.latency import Strip, measured
from backstop.report.phases import Spell, walks
from backstop.report.plots import axis, evenly, quantile
from backstop.report.statement import statement
from tests.unit.evidenced import AFTER, BAD, HEADERS, LIVE, evidenced, many_stages
from tests.unit.hostile import ACTING, HOSTILE
from tests.unit.samples import GOOD, drill, numbered, refused
from tests.unit.test_report_html import Outline


def without(records: tuple[Record, ...], *kinds: type[Event]) -> tuple[Record, ...]:
    """The records but for some kinds."""
    return tuple(record for record in records if not isinstance(record.event, kinds))


def places(strip: Strip) -> list[int]:
    """Where its dots are, from left to right."""
    numbers = [int(number) for number in re.findall(r"-?\d+", strip.drawn.dots)]
    return list(accumulate(numbers[::2]))


def test_a_failure_stands_beside_what_was_asked_and_answered() -> None:
    """Found, wanted, remedy, request and response; an answer that two checks judged is shown once."""
    words = Outline(page := render_html(evidenced())).words

    assert "Asked GET https://beluga.example.workers.dev/ Found 503 Wanted 200 read the log" in words
    assert 'GET https://beluga.example.workers.dev/ X-Signature-Timestamp: 1764000000 {"type":1}' in words
    assert "Response 503 Content-Type: application/json Strict-Transport-Security: max-age=31536000" in words
    assert 1 == len(re.findall("id=n9[ >]", page))
    assert 1 == page.count("<a href=#n9>")


def test_the_heaviest_failure_comes_first() -> None:
    """A reader at night begins at the top; equals keep the order in which they were found."""
    named = (("a.one", "low"), ("a.two", "critical"), ("a.three", "high"), ("a.four", "critical"))
    checks = [CheckFinished(name, "t", "a", severity, LIVE, "fail", "m") for name, severity in named]

    (group,) = detail_groups(gather(numbered(checks)).checks)

    assert ["a.two", "a.four", "a.three", "a.one"] == [entry.check.check for entry in group.entries]


def test_an_exchange_that_is_missing_is_no_error() -> None:
    """A journal that was cut has none; the check's own quotation stands in for it."""
    page = render_html(without(evidenced(), ExchangeSeen))

    assert "Found 503 Wanted 200" in Outline(page).words


@pytest.mark.parametrize(
    ("message", "of", "found", "wanted", "remedies"),
    [
        ("GET /: found 503, wanted 200\n  → mend it", "GET /", "503", "200", ("mend it",)),
        ("3 of 9 failed, wanted none", "", "3 of 9 failed", "none", ()),
        ("found a, b, wanted c, d\n→ one\n→ two", "", "a, b", "c, d", ("one", "two")),
    ],
)
def test_a_statement_is_taken_apart(
    message: str, of: str, found: str, wanted: str, remedies: tuple[str, ...]
) -> None:
    """Into what was asked, found and wanted, and what to do."""
    taken = statement(message)

    assert (of, found, wanted, remedies) == (taken.of, taken.found, taken.wanted, taken.remedies)


@given(st.text(st.sampled_from(" \nfound,wanted:→x"), max_size=60))
def test_nothing_of_a_statement_is_lost(message: str) -> None:
    """But for the words that its parts now stand for."""
    taken = statement(message)
    parts = (taken.of, taken.found, taken.wanted, taken.said, taken.more, taken.answered, *taken.remedies)

    def letters(text: str) -> list[str]:
        return sorted(
            text.replace("found ", "").replace(", wanted ", "").replace("→", "").replace(":", "").split()
        )

    assert sum(map(len, letters(" ".join(parts)))) <= len(message)
    assert set("".join(message.split())) - set("found,wanted:→") <= set("".join(parts))


def test_phases_of_a_rollback_that_was_meant() -> None:
    """They follow each other without a gap, from the session's begin to verified."""
    (walk,) = walks(gather(evidenced()))
    spells = walk.spells

    assert ["assessment", "decision", "execution", "validation"] == [spell.name for spell in spells]
    assert [60, 30, 120, 300] == [spell.budget for spell in spells]
    assert all(a.began + (a.seconds or 0) == pytest.approx(b.began) for a, b in pairwise(spells))
    assert not any(spell.over for spell in spells)


def test_phases_of_a_drill_begin_with_the_fault() -> None:
    """One walk a scenario; assessment ends with the first check that noticed."""
    facts = gather(drill())

    assert [scenario.name for scenario in facts.scenarios] == [walk.title for walk in walks(facts)]
    assert all(spell.seconds is not None for walk in walks(facts) for spell in walk.spells)


def test_what_was_not_reached_has_no_length() -> None:
    """A rollback that was refused was never executed, and took no time."""
    (walk,) = walks(gather(refused()))

    assert [None, None] == [spell.seconds for spell in walk.spells[2:]]
    assert "not known" in render_html(refused())


def test_too_long_is_said_in_words() -> None:
    """Colour does not stand alone."""
    late = tuple(
        replace(r, event=replace(r.event, timings=r.event.timings | {"serving": 121.0}))
        if isinstance(r.event, RollbackFinished)
        else r
        for r in evidenced()
    )

    assert Spell("execution", 120.0, 0, 121.0).over
    assert "2 min 01 s over" in Outline(render_html(late)).words


def test_latency_is_drawn_sample_by_sample() -> None:
    """A dot a request, a box for the middle half, the median; one scale for all rows."""
    found = measured(gather(evidenced()))
    assert found is not None

    assert [18, 2, 18, 2] == [strip.count for strip in found.strips]
    assert [18, 2, 18, 2] == [len(places(strip)) for strip in found.strips]
    assert found.strips.rows[0].median == pytest.approx(9 * found.strips.rows[2].median)
    assert found.strips.rows[0].drawn.middle > found.strips.rows[2].drawn.middle
    assert "not slower the old version is not slower" in Outline(render_html(evidenced())).words
    assert "between 34 and 60 % of all" in render_html(evidenced())


def test_those_who_waited_behind_a_stall_have_a_row_of_their_own() -> None:
    """Only where somebody did."""
    steady = LatencySampled(LIVE, "", "GET /", (12.0, 12.0, 12.0))
    stalled = LatencySampled(LIVE, "", "GET /", (12.0, 2000.0, 12.0), due=(12.0, 2000.0, 1988.0))
    found = measured(gather(numbered([steady, stalled])))

    assert found is not None
    assert [("GET /, warm", 12.0), ("GET /, warm", 12.0), ("GET /, warm, from when it was due", 1988.0)] == [
        (strip.what, strip.median) for strip in found.strips
    ]


def test_what_is_not_alike_among_the_samples_is_said() -> None:
    """A status that is not the usual one, versions, and what is in no time; nothing where all is alike."""
    alike = LatencySampled(LIVE, "v", "GET /", (12.0, 13.0), statuses=(200, 200))
    odd = LatencySampled(
        LIVE,
        "",
        "GET /",
        (12.0, 13.0, 14.0, 15.0),
        (120.0, 130.0),
        statuses=(200, 404, 200, 200),
        cold_statuses=(200, 302),
        versions=("one", "two", "", "one"),
        lost={"answered 500": 2, "not answered (timed out)": 1},
    )
    found = measured(gather(numbered([alike, odd])))
    html = Outline(render_html(numbered([alike, odd]))).words

    assert found is not None
    assert [
        (),
        (
            "answered 404 (1) in place of 200",
            "of several versions: one (2), two (1)",
            "1 did not show their version",
            "3 more in no time: 2 answered 500, 1 not answered (timed out)",
        ),
        ("answered 302 (1) in place of 200",),
    ] == [strip.notes for strip in found.strips]
    assert all(note in html for strip in found.strips for note in strip.notes)


@given(st.lists(st.floats(), max_size=200))
def test_any_samples_are_drawn_within_the_picture(values: list[float]) -> None:
    """Also constants, nonsense and a huge outlier."""
    found = measured(gather(numbered([LatencySampled(LIVE, "", "GET /", tuple(values))])))

    for strip in found.strips if found else ():
        left, width = re.findall(r"[Mh](\d+)", strip.drawn.box)[:2]
        assert all(0 <= place <= 300 for place in (*places(strip), strip.drawn.middle, int(left)))
        assert int(left) + int(width) <= 301


def test_plots_do_not_make_numbers_up() -> None:
    """Quantiles by interpolation, many values thinned out with both ends kept, no axis without values."""
    thinned = evenly(range(10_000))

    assert [1.0, 2.5, 4.0] == [quantile([1, 2, 3, 4], share) for share in (0, 0.5, 1)]
    assert (60, 0, 9999) == (len(thinned), thinned[0], thinned[-1])
    assert axis([0, -1, float("nan")], 100) is None


def test_headers_that_differ_between_versions_are_listed() -> None:
    """Without what differs from answer to answer."""
    found = header_changes(gather(evidenced()))
    assert found is not None

    assert [
        ("status", "503", "200"),
        ("x-debug", "1", ""),
        ("x-frame-options", "", "DENY"),
    ] == [(change.name, change.was, change.became) for change in found.changes]


def test_a_header_that_a_version_sends_with_many_values_says_nothing() -> None:
    """And one that comes back as it was is no news."""
    events = [
        HeadersSeen(stage, version, "GET /", 200, {"X-Id": str(number), "Server": server})
        for number, (stage, version, server) in enumerate(
            [("a", GOOD, "one"), ("b", BAD, "two"), ("c", GOOD, "one"), ("d", BAD, "two")]
        )
    ]
    found = header_changes(gather(numbered(events)))
    assert found is not None

    assert [("server", "one", "two")] == [
        (change.name, change.was, change.became) for change in found.changes
    ]


def test_equal_headers_are_said_to_be_equal() -> None:
    """That is evidence as well."""
    same = tuple(
        replace(r, event=replace(r.event, headers=HEADERS, status=200))
        if isinstance(r.event, HeadersSeen)
        else r
        for r in evidenced()
    )

    assert "None differs: 2 answers of 2 versions were compared" in Outline(render_html(same)).words


def test_the_tail_is_quoted() -> None:
    """What was thrown first, and how much was seen."""
    words = Outline(render_html(evidenced())).words

    assert "104 invocations were seen in 2 stages; 3 ended badly without being provoked" in words
    assert (
        'L8 exception 503 our probe · 2026-11-23 03:12:41 UTC · 71570803 TypeError: x is undefined {"level"'
        in words
    )


def test_a_tail_that_was_not_seen_says_why() -> None:
    """It is no good news."""
    unseen = [TailWatched(LIVE, 0, 0, 0, "the tail can't be read: no credentials")]

    assert "the tail can't be read: no credentials" in Outline(render_html(numbered(unseen))).words


def test_ordinary_lines_of_many_stages_are_left_in_the_journal() -> None:
    """They would drown what went wrong; the page says how many there are."""
    lines: list[Event] = [SessionStarted("r", "drill", "t", "w", "u", ())]
    for number in range(5):
        stage = f"{number}-good"
        lines += [
            TailWatched(stage, 9, 0, 1),
            TailExcerpt(stage, "", "", "GET /", "ok", 200, "probe", ("chat",)),
        ]

    assert "5 more excerpts are in the journal" in render_html(numbered(lines))


@given(text=st.text(max_size=40) | st.just(HOSTILE))
@settings(max_examples=40)
def test_text_of_others_makes_no_element_and_does_nothing(text: str) -> None:
    """Wherever a value may stand: the page is as it is without it."""
    page = render_html(evidenced(text))
    outline, plain = Outline(page), Outline(render_html(evidenced("x")))

    assert [] == outline.open
    assert outline.tags.keys() <= plain.tags.keys() | {"pre"}
    assert outline.attributes <= plain.attributes
    assert not (ACTING - {"\r"}) & set(page)
    assert {link for link in outline.links if link.removeprefix("#") not in outline.ids} == set()


def test_a_reason_of_ten_thousand_characters_does_not_fill_the_page() -> None:
    """What is left out is said, and where it is."""
    page = render_html(evidenced("R" * 10_000))

    assert len(page.encode()) < 300_000
    assert "more characters in journal line 0" in page


def test_a_check_that_ended_alike_at_many_stages_takes_one_cell() -> None:
    """The page stays small, and where its lines are is still said; one that did not stays spread out."""
    words = Outline(page := render_html(many_stages(9))).words

    assert "pass at all 9 stages" in words
    assert f"on lines {', '.join(f'{3 * n + 1}-{3 * n + 2}' for n in range(9))} of the journal" in words
    assert 1 == page.count("<td class=bad>✗ <b>fail</b>")
    assert 1 == page.count("<small id=n14>L14</small>")
    assert 2 == page.count("<td colspan=4>✓")


def test_stages_are_named_where_there_are_several() -> None:
    """A reader must know when a check said so."""
    assert f"{LIVE} L12" in Outline(render_html(evidenced())).words
    assert f"{AFTER} L34" in Outline(render_html(evidenced())).words
