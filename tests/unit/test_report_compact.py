"""A page is pressed without a change of what it says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from backstop.journal.record import Record
from backstop.report import html, paper
from backstop.report.compact import compact
from tests.unit.evidenced import evidenced, many_stages
from tests.unit.hostile import HOSTILE
from tests.unit.samples import drill, failed_post_rollback
from tests.unit.test_report_html import Outline

_PAGE = '<style>a[b="c"]{}</style><p title="{0}">{0}</p><ul><li class="x">{0}</li>\n</ul>'


@given(st.text(alphabet=st.sampled_from("<>=\"' &;#34abc/\n"), max_size=40))
def test_text_of_others_is_kept_letter_by_letter(text: str) -> None:
    """Also where it looks like a tag, an attribute or an escape; and it makes no element."""
    plain = Outline(page := _PAGE.replace("{0}", str(escape(text))))
    pressed = Outline(compact(page))

    assert plain.tags == pressed.tags
    assert "".join(plain.text).split() == "".join(pressed.text).split()


def test_the_style_sheet_is_left_as_it_is() -> None:
    """The page's own policy allows just these bytes."""
    assert '<style>a[b="c"]{}</style>' in compact(_PAGE)


@pytest.mark.parametrize(
    "records", [drill(), failed_post_rollback(), many_stages(40), evidenced(HOSTILE)], ids=range(4)
)
def test_a_page_is_the_same_document(monkeypatch: pytest.MonkeyPatch, records: tuple[Record, ...]) -> None:
    """Pressed or not: the same elements, links, places and words."""
    pressed = Outline(page := html.render_html(records))
    monkeypatch.setattr(paper, "compact", str)
    plain = Outline(loose := html.render_html(records))

    assert (plain.tags, plain.ids, plain.links) == (pressed.tags, pressed.ids, pressed.links)
    assert re.sub(r"\s", "", plain.words) == re.sub(r"\s", "", pressed.words)
    assert len(page) < len(loose)
