"""What is alike is told once, with the line of each."""

from __future__ import annotations

from backstop.journal.events import HeadersSeen, LatencySampled, TailExcerpt, TailWatched
from backstop.journal.facts import gather
from backstop.report.html import render_html
from backstop.report.latency import measured
from tests.unit.evidenced import LIVE
from tests.unit.samples import numbered
from tests.unit.test_report_html import Outline


def test_invocations_that_ended_alike_are_quoted_once() -> None:
    """With what was asked for, each line, and from when to when; another exception stands for itself."""
    seen = [
        TailExcerpt(
            LIVE, f"2026-11-23T03:12:4{n}.000+00:00", "v", f"GET /{n}", "exception", 500, "other", (), (why,)
        )
        for n, why in enumerate(("TypeError", "TypeError", "RangeError", "TypeError"))
    ]
    words = Outline(render_html(numbered([TailWatched(LIVE, 9, 4, 4), *seen]))).words

    assert (
        "GET /0 L1 , GET /1 L2 , GET /3 L4 exception 500 "
        "2026-11-23 03:12:40 UTC to 2026-11-23 03:12:43 UTC · v TypeError"
    ) in words
    assert 1 == words.count("TypeError")
    assert "GET /2 L3 exception 500 2026-11-23 03:12:42 UTC · v RangeError" in words


def test_a_single_sample_is_told_and_not_drawn() -> None:
    """Nor is what is the same in all figures drawn twice; what differs is."""
    one = LatencySampled(LIVE, "", "GET /", (12.0, 13.0), (120.0,), due=(12.0, 13.0))
    two = LatencySampled(LIVE, "", "GET /", (), (120.0,))
    found = measured(gather(numbered([one, two])))

    assert found is not None
    assert [
        ("GET /, warm", ("the same from when it was due", "new connection 120 ms")),
        ("GET /, new connection", ()),
    ] == [(strip.what, strip.notes) for strip in found.strips]


def test_steps_in_which_the_same_headers_change_are_told_together() -> None:
    """Each with its versions and lines."""
    with_header = {"X-Frame-Options": "DENY"}
    seen = [
        HeadersSeen(f"{n}-x", version, "GET /", 200, headers)
        for n, (version, headers) in enumerate(
            (("good", with_header), ("bad", {}), ("good", with_header), ("worse", {}))
        )
    ]
    words = Outline(page := render_html(numbered(seen))).words

    assert "good → bad L0 L1 , good → worse L2 L3 x-frame-options DENY \u2013" in words
    assert 1 == page.count(">x-frame-options")
