"""report.html: opens anywhere, asks for nothing, obeys nothing, and cites its evidence."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from backstop.journal.events import CheckFinished, Event, SessionStarted
from backstop.journal.record import Damaged, Record
from backstop.report.html import render_html
from tests.unit.arbitrary import journals
from tests.unit.samples import drill, failed_post_rollback, numbered, refused

_VOID = {"meta", "wbr", "link", "img"}
_BLOCKS = ("article", "details", "div", "h2", "h3", "h4", "ol", "p", "pre", "section", "table", "ul")
_CELL, _ROW, _PAIR, _ITEM, _WORDS = ({"td", "th"}, {"td", "th", "tr"}, {"dt", "dd"}, {"li", "p"}, {"p"})
# Which elements a tag ends, at the begin and at the end of one, where their end tags are left out.
_IMPLIED = dict.fromkeys(_BLOCKS, _WORDS) | {"td": _CELL, "th": _CELL, "dt": _PAIR, "dd": _PAIR}
_IMPLIED |= {"li": _ITEM, "tr": _ROW}
_AT_THE_END = dict.fromkeys(("article", "details", "section"), _WORDS) | {"ul": _ITEM, "ol": _ITEM}
_AT_THE_END |= {"tbody": _ROW, "thead": _ROW, "div": {*_WORDS, *_PAIR}}
_SHAPES = {"path", "circle", "line", "rect", "use"}


class Outline(HTMLParser):
    """What a page is made of: tags, attributes, ids, links and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        self._see(tag, attrs)
        self._end(_IMPLIED.get(tag, set()))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an empty element, which only drawings have."""
        assert tag in _SHAPES
        self._see(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last, but for those whose end tags are left out."""
        self._end(_AT_THE_END.get(tag, set()))
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep text, save that of the style sheet."""
        if self.open and self.open[-1] != "style":
            self.text.append(data)

    def _end(self, implied: set[str]) -> None:
        while self.open and self.open[-1] in implied:
            self.open.pop()

    def _see(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value or "")
            if name in {"href", "src", "xlink:href", "action"}:
                self.links.append(value or "")

    @property
    def words(self) -> str:
        """All text, with single spaces."""
        return " ".join(" ".join(self.text).split())


def with_messages(records: tuple[Record, ...], message: str, only: str = "") -> tuple[Record, ...]:
    """The records with what their checks say replaced, of those with one outcome if it is given."""

    def changed(event: Event) -> Event:
        if isinstance(event, CheckFinished) and only in {"", event.outcome}:
            return replace(event, message=message)
        return event

    return tuple(replace(record, event=changed(record.event)) for record in records)


SAMPLES = [drill(), failed_post_rollback(), refused(), drill()[:100], ()]


@pytest.mark.parametrize("records", SAMPLES)
def test_a_page_is_whole_and_asks_for_nothing(records: tuple[Record, ...]) -> None:
    """Balanced tags, unique ids, links that lead somewhere within it, and nothing that acts."""
    outline = Outline(render_html(records))

    assert outline.open == []
    assert [name for name, count in Counter(outline.ids).items() if count > 1] == []
    assert {link for link in outline.links if link.removeprefix("#") not in outline.ids} == set()
    assert not {"script", "img", "link", "iframe", "object", "form", "base"} & outline.tags.keys()
    assert not any(name == "style" or name.startswith("on") for name in outline.attributes)
    assert outline.tags["h1"] == 1


def test_the_policy_allows_our_style_and_nothing_else() -> None:
    """Even if something slipped in, it would not load or run."""
    page = render_html(drill())
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None

    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()

    assert f"content=\"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'" in page
    assert "url(http" not in style.group(1)
    assert "@import" not in style.group(1)


@pytest.mark.parametrize("records", SAMPLES)
def test_the_same_journal_gives_the_same_page(records: tuple[Record, ...]) -> None:
    """Made again later, it is the same evidence."""
    assert render_html(records) == render_html(tuple(records))


def test_a_drill_of_three_scenarios_is_small() -> None:
    """It is attached to tickets."""
    assert len(render_html(drill()).encode()) < 300_000


def test_the_verdict_comes_first_in_words() -> None:
    """Then why, then what to do."""
    words = Outline(render_html(failed_post_rollback())).words

    assert words.index("Failed") < words.index("discord.command.register") < words.index("Worker")
    assert "Next begin with discord.command.register" in words
    assert "From v2.0.0 Rewrite of /register 71570803 · ada@example.com · 2026-11-23 03:01:12 UTC" in words
    assert "Why that version: the last version that was verified here" in words


def test_a_drill_shows_what_noticed_each_fault_and_how_long_it_took() -> None:
    """Scenario, fault, check, and the time against the budget."""
    words = Outline(render_html(drill())).words

    assert "health.status, health.healthy noticed it" in words
    assert "1.6 % of the 2 min that the procedure allows" in words
    assert "0.7 % of the 5 min that the procedure allows" in words
    assert "it served before the fault was deployed" in words


def test_hostile_text_is_shown_and_not_interpreted() -> None:
    """HTML, ANSI, null bytes and direction marks come out as what they are."""
    page = render_html(failed_post_rollback())

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;b&gt;all guilds&lt;/b&gt;" in page
    assert "⟨U+001B⟩[31mTypeError" in page
    assert not set("\x00\x1b\u202e\u202c") & set(page)


def test_text_in_attributes_can_not_break_out() -> None:
    """Messages stand in tooltips too."""
    page = render_html(with_messages(drill(), 'x" onmouseover="alert(1)'))

    assert "onmouseover" not in Outline(page).attributes


def test_every_row_cites_its_line() -> None:
    """The failure, its cell, and the sentence in the verdict lead to the same line."""
    page = render_html(failed_post_rollback())
    line = next(r.n for r in failed_post_rollback() if getattr(r.event, "outcome", "") == "fail")

    assert len(re.findall(rf"href=#n{line}\b", page)) >= 2
    assert len(re.findall(rf" id=n{line}\b", page)) == 1


def test_what_may_still_be_in_place_is_said() -> None:
    """A drill that was killed leaves a fault; a rollback that was asked for is meant to stay."""
    killed, rolled = (Outline(render_html(r)).words for r in (drill()[:100], failed_post_rollback()))

    assert "not known to be undone ; by hand: deploy 6f1c2b0e at 100 %" in killed
    assert "not known to be undone" not in rolled
    assert "meant to stay" in rolled


def test_damage_is_said() -> None:
    """A reader must not take half a journal for a whole one."""
    started = SessionStarted("r", "look", "t", "w", "u", ("pytest",))

    words = Outline(render_html(numbered([started, Damaged("the line is cut", '{"n": 2')]))).words

    assert "the journal is damaged: the line is cut" in words


def test_a_very_long_message_is_cut_and_says_where_the_rest_is() -> None:
    """The page stays readable, the evidence stays whole."""
    page = render_html(with_messages(failed_post_rollback(), "x" * 100_000, only="fail"))

    assert len(page) < 300_000
    assert "96000 more characters in journal line" in page


@given(records=journals)
@settings(max_examples=25)
def test_any_journal_gives_a_whole_page(records: tuple[Record, ...]) -> None:
    """Whatever is in it, and in whatever order."""
    outline = Outline(render_html(records))

    assert outline.open == []
    assert "script" not in outline.tags
    assert [name for name, count in Counter(outline.ids).items() if count > 1] == []
