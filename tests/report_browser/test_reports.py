"""A report opens from a file with the network cut, asks for nothing, complains of nothing, and reads well."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.report_browser.browser import Page
from tests.report_browser.conftest import MERGED, REPORTS

See = Callable[..., Page]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE = 360
LIGHT, DARK = 600, 200  # red, green and blue together, of 765
A4_POINTS = (595, 842)
_RUN_AXE = """
axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(each =>
  [each.id, each.nodes.length, each.nodes[0].html.slice(0, 200), each.nodes[0].failureSummary.slice(0, 300)]))
"""
_OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true })"


def violations(page: Page) -> Any:
    """What axe finds, with everything that can be opened open."""
    page.evaluate(_OPEN_ALL)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(_RUN_AXE)


@pytest.mark.parametrize("report", REPORTS)
def test_it_asks_for_nothing_and_complains_of_nothing(see: See, report: str) -> None:
    """No request but for the file itself, no word on the console, no script that ran."""
    page = see(report)
    page.evaluate(_OPEN_ALL)

    assert [page.evaluate("location.href")] == page.requests
    assert [] == page.complaints
    assert 0 == page.evaluate("document.scripts.length + document.images.length")
    assert " · backstop" in page.evaluate("document.title")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (PHONE, True)], ids=["desk", "phone in the dark"])
@pytest.mark.parametrize("report", [*REPORTS, MERGED])
def test_everybody_can_read_it(see: See, report: str, *, width: int, dark: bool) -> None:
    """Axe finds nothing: headings, tables, names, contrast, what can be reached with keys."""
    assert [] == violations(see(report, width=width, dark=dark))


def test_axe_would_notice(see: See) -> None:
    """What is wrong with a page is found, so that finding nothing means something."""
    page = see("failed")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input>')")

    assert ["label"] == [found[0] for found in violations(page)]


@pytest.mark.parametrize("report", REPORTS)
def test_a_phone_shows_it_without_scrolling_sideways(see: See, report: str) -> None:
    """Only what is too wide by nature scrolls, within itself."""
    page = see(report, width=PHONE)
    page.evaluate(_OPEN_ALL)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_light_and_dark_are_two_pictures(see: See) -> None:
    """The colour scheme of the reader is followed, in whole pictures of the page."""
    light, dark = (see("failed", width=PHONE, dark=dark).picture() for dark in (False, True))

    assert [PHONE, PHONE] == [struct.unpack(">I", picture[16:20])[0] for picture in (light, dark)]
    assert light != dark


def test_the_background_is_light_or_dark(see: See) -> None:
    """As the reader has it."""
    colours = [
        sum(
            map(
                int,
                re.findall(
                    r"\d+",
                    see("failed", dark=dark).evaluate("getComputedStyle(document.body).backgroundColor"),
                ),
            )
        )
        for dark in (False, True)
    ]

    assert colours[0] > LIGHT
    assert colours[1] < DARK


@pytest.mark.parametrize("report", ["drill", "monthly", "evidenced", "hostile"])
def test_it_prints_on_a4(see: See, report: str) -> None:
    """A PDF of pages of the right size, with text that can be searched."""
    printed = see(report).print()
    boxes = {
        tuple(round(float(n)) for n in box.split())
        for box in re.findall(rb"/MediaBox \[0 0 ([\d. ]+)\]", printed)
    }

    assert printed.startswith(b"%PDF-")
    assert {A4_POINTS} == boxes
    assert b"/Font" in printed


def test_hostile_text_is_shown_and_does_nothing(see: See) -> None:
    """It stands on the page as text, spelt out where it can't be seen, and has made no element."""
    page = see("hostile")
    text = page.evaluate("document.body.textContent")

    assert "<script>document.title='owned'</script>" in text
    assert "⟨U+202E⟩" in text
    assert 0 == page.evaluate("document.querySelectorAll('script, img, body b b, input, iframe').length")
    assert 1 == page.evaluate("document.querySelectorAll('h1').length")
    assert "owned" != page.evaluate("document.title")


def test_lines_that_are_cited_lead_somewhere(see: See) -> None:
    """Each link of the page has its place on it."""
    lost = see("evidenced").evaluate(
        "[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
        ".filter(href => !document.getElementById(href.slice(1)))"
    )

    assert [] == json.loads(json.dumps(lost))
