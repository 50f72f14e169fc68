"""What is kept word for word: bounded, without secrets, and what is worth reading first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backstop.cloudflare.tail_event import TailEvent
from backstop.journal.events import TailExcerpt, TailWatched
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.observe.evidence import exchange_seen, shown_headers, tail_evidence
from backstop.observe.traffic import Traffic
from backstop.redaction import REDACTOR
from backstop.rollback.edge_witness import MARKER

AT = datetime(2026, 11, 23, 3, 12, 41, tzinfo=UTC)
ASKED = Request("POST", "https://bot.example/", (("Content-Type", "application/json"),), b'{"type":1}')
SECRET = "q7Rk2Zp9Lw4Xn8Vb"


def exchange(result: Answer | NoAnswer, asked: Request = ASKED) -> Exchange:
    """What came back after 0.02 s."""
    return Exchange(asked, result, Timing(0.02), AT)


def event(outcome: str = "ok", **other: object) -> TailEvent:
    """An event of the tail."""
    return TailEvent(None, outcome, "https://bot.example/", "GET", 200, **other)  # type: ignore[arg-type]


def test_an_answer_is_kept_word_for_word() -> None:
    """With what was asked for it."""
    seen = exchange_seen("x1", "0-live", exchange(Answer(503, (("Server", "cloudflare"),), b"<b>no</b>")))

    assert ("POST", '{"type":1}', 503, "<b>no</b>") == (seen.method, seen.body, seen.status, seen.answer)
    assert {"Content-Type": "application/json"} == seen.sent
    assert {"Server": "cloudflare"} == seen.headers


def test_silence_is_kept_in_words() -> None:
    """There is no status then."""
    seen = exchange_seen("x1", "0-live", exchange(NoAnswer(Silence.TIMED_OUT, "after 3 s")))

    assert (0, "no answer: timed out: after 3 s", {}) == (seen.status, seen.answer, seen.headers)


@pytest.mark.parametrize(
    "name", ["Set-Cookie", "cookie", "Authorization", "X-Api-Key", "CF-Access-Client-Secret", "x-auth-token"]
)
def test_a_secret_header_is_only_named(name: str) -> None:
    """Whether or not its value is known as a secret."""
    assert {name: "[not shown]"} == shown_headers(((name, "anything at all"),))


def test_headers_that_come_twice_stand_together() -> None:
    """As a recipient may join them."""
    assert {"Vary": "a, b"} == shown_headers((("Vary", "a"), ("Vary", "b")))


def test_more_than_a_reader_needs_is_cut_and_said() -> None:
    """A journal is no store of bodies."""
    many = tuple((f"X-{number}", "y" * 5000) for number in range(500))

    seen = exchange_seen("x1", "0-live", exchange(Answer(200, many, b"z" * 500_000, truncated=True)))

    assert seen.answer.startswith("z" * 2000 + " [… 498000 more characters]")
    assert seen.answer.endswith("it was not read further]")
    assert 40 == len(seen.headers)
    assert max(map(len, seen.headers.values())) < 340


@pytest.mark.parametrize("before", range(1985, 2001))
def test_a_secret_is_not_cut_in_two(before: int) -> None:
    """What is left of it would not be known any more."""
    REDACTOR.register("EVIDENCE", SECRET)

    seen = exchange_seen(
        "x1", "0-live", exchange(Answer(200, (), b"." * before + SECRET.encode() + b"." * 99))
    )

    assert not any(SECRET[:length] in seen.answer for length in range(2, len(SECRET)))


def test_the_tail_shows_errors_first_and_each_kind_once() -> None:
    """Then what our own probes provoked, then two ordinary lines."""
    fails = event("exception", exceptions=("Error: boom",))
    probe = event("exception", exceptions=("Error: ours",), headers=((MARKER, "provoked-x"),))
    chat = tuple(event(logs=(f"line {number}",)) for number in range(50))
    traffic = Traffic("m", exchange(Answer(200, (), b"")), (*chat, probe, fails, fails, event()))

    watched, *excerpts = tail_evidence("0-live", traffic)

    assert TailWatched("0-live", 54, 2, 4) == watched
    shown = [each for each in excerpts if isinstance(each, TailExcerpt)]
    assert ["Error: boom", "Error: ours"] == [each.exceptions[0] for each in shown[:2]]
    assert ["other", "provoked"] == [each.whose for each in shown[:2]]
    assert [("line 0",), ("line 1",)] == [each.logs for each in shown[2:]]


def test_a_tail_that_could_not_be_read_says_why() -> None:
    """No line is no good news then."""
    traffic = Traffic("m", exchange(Answer(200, (), b"")), unseen="the tail can't be read: no credentials")

    assert (TailWatched("0-live", 0, 0, 0, "the tail can't be read: no credentials"),) == tuple(
        tail_evidence("0-live", traffic)
    )


def test_lines_of_a_tail_are_bounded() -> None:
    """A bot may log whatever it likes."""
    loud = event("exception", logs=("x" * 9000,) * 90, exceptions=("y" * 9000,) * 90)

    _, shown = tail_evidence("0-live", Traffic("m", exchange(Answer(200, (), b"")), (loud,)))

    assert isinstance(shown, TailExcerpt)
    assert (6, 6) == (len(shown.logs), len(shown.exceptions))
    assert max(map(len, (*shown.logs, *shown.exceptions))) < 440
