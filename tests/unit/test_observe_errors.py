"""Error rates and Cloudflare's error pages over the probes of a stage."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, datetime, timedelta

import pytest

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing
from backstop.model.severity import Severity
from backstop.model.target import PolicyChange, Target
from backstop.observe.edge_errors import edge_errors
from backstop.observe.errors import counted, error_rate, is_error, told_of
from backstop.observe.latency import latency
from backstop.observe.sampling import SAMPLES, wanted
from backstop.observe.schedule import Sent
from backstop.observe.thresholds import error_limit, mean_limit
from backstop.rollback.edge_witness import MARKER

HTML = (("Content-Type", "text/html"),)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
SILENT = NoAnswer(Silence.RESET, "gone")


def _exchange(result: Answer | NoAnswer, path: str = "/", timing: Timing | None = None) -> Exchange:
    return Exchange(Request("GET", f"https://bot.example{path}"), result, timing or Timing(0.1, 0.05), NOW)


def _answered(status: int, path: str = "/", body: bytes = b"") -> Exchange:
    return _exchange(Answer(status, HTML, body), path)


def _samples(seconds: float, result: Answer | NoAnswer, slow: Container[int] = ()) -> list[Sent]:
    """What is sampled of a bot that takes so long; ``slow`` are those, from 1, that take four seconds."""
    sent: list[Sent] = []
    while wanted(len(sent), sent):
        taken = 4.0 if len(sent) + 1 in slow else seconds
        sent.append(Sent(_exchange(result, timing=Timing(taken, taken)), at=10.0 * len(sent)))
    return sent


@pytest.mark.parametrize(
    ("exchange", "expected"),
    [
        (_answered(200), False),
        (_answered(404), False),
        (_answered(429), True),
        (_answered(500), True),
        (_answered(429, body=b"error code: 1015"), True),
        (_exchange(SILENT), True),
    ],
)
def test_an_error_is_5xx_429_silence_or_a_page_of_the_edge(exchange: Exchange, expected: bool) -> None:
    """Any other refusal is none."""
    assert expected == is_error(exchange)


def test_a_rate_says_how_sure_it_is_and_where() -> None:
    """All paths, or some of them."""
    some = error_rate([*[_answered(200, "/a")] * 29, *[_answered(500, "/b")] * 3])
    every = error_rate([_answered(500, "/a"), _answered(500, "/b")])

    assert (3, 32) == (some.errors, some.probes)
    assert "some paths: GET /b 3 of 3" == some.where
    assert "all paths: GET /a 1 of 1, GET /b 1 of 1" == every.where
    assert "error rate ≤ 9.8 % at 95 %, 29 probes" == error_rate([_answered(200)] * 29).bound


def test_what_stands_in_front_of_the_bot_is_no_probe_of_it() -> None:
    """And where nothing else answered there is no rate."""
    challenge = _exchange(Answer(403, (("cf-mitigated", "challenge"),), b""))

    assert 1 == error_rate([challenge, _answered(200)]).probes
    with pytest.raises(CouldNotLook, match="no probe reached"):
        error_rate([challenge])


def test_pages_of_the_edge_are_named_with_what_to_do() -> None:
    """By code and in words; an unknown code too."""
    found = edge_errors([_answered(200), _answered(500, body=b"error code: 1101"), _exchange(SILENT)])
    unknown = edge_errors([_answered(530, body=b"error code: 1999")])

    assert ["GET https://bot.example/: Cloudflare error 1101, the worker threw an exception"] == [
        str(error) for error in found
    ]
    assert "roll back" in found[0].fix
    assert "1999" in str(unknown[0])


def test_thresholds_are_the_policys() -> None:
    """What the target says, and the defaults for the rest."""
    changed = Target("t", sandbox=True, policy=(PolicyChange(Severity.MEDIUM, error_rate_percent=0),))
    slower = Target("t", sandbox=True, policy=(PolicyChange(Severity.LOW, mean_ms=1500),))

    assert (0.0, 1.0) == (error_limit(changed), mean_limit(changed))
    assert (0.05, 1.5) == (error_limit(slower), mean_limit(slower))


@pytest.mark.parametrize(
    ("seconds", "result", "expected"),
    [
        (0.01, Answer(200, (), b""), SAMPLES),
        (1.1, Answer(200, (), b""), 5),
        (10.0, SILENT, 2),
    ],
)
def test_sampling_stops_where_it_makes_no_sense(
    seconds: float, result: Answer | NoAnswer, expected: int
) -> None:
    """All of a quick bot, a few of a slow one, and hardly any of a dead one."""
    assert expected == len(_samples(seconds, result))


@pytest.mark.parametrize(("spoilt", "asked"), [((), 5), ((3,), 6), ((1, 4), 7), (range(1, 20), 10)], ids=str)
def test_a_slow_bot_has_five_samples_although_some_are_spoilt(spoilt: Container[int], asked: int) -> None:
    """By a connection that was given up meanwhile: fewer could never be compared with anything."""
    sent: list[Sent] = []
    while wanted(len(sent), sent):
        connect = 0.1 if len(sent) + 1 in spoilt else None
        sent.append(Sent(_exchange(Answer(200, (), b""), timing=Timing(2.5, 2.5, connect=connect))))

    assert asked == len(sent)


def test_cold_and_warm_are_two_numbers() -> None:
    """A new connection counts from the beginning, a kept one from the request."""
    ok = Answer(200, (), b"")
    cold = _exchange(ok, timing=Timing(1.0, 0.2, connect=0.3, tls=0.4))
    quick, slow = (_exchange(ok, timing=Timing(1.0, first)) for first in (0.1, 0.3))
    found = latency([Sent(cold), Sent(quick), Sent(slow)])

    assert [0.9] == pytest.approx(list(found.cold))
    assert [0.2, 1.0, 0.3] == pytest.approx([found.mean, found.slowest, found.quantile(0.95)])
    assert {"connect": 0.3, "tls": 0.4, "first_byte": 0.2, "rest": 0.8} == pytest.approx(found.phases)
    with pytest.raises(CouldNotLook, match="no latency sample"):
        latency([Sent(cold)])


@pytest.mark.parametrize(
    ("slow", "expected"),
    [((), SAMPLES), ((6,), 2 * SAMPLES), ((6, 29), 29), ((6, 8), 8)],
    ids=["none", "one", "one, and again", "two"],
)
def test_a_single_slow_sample_is_looked_into(slow: tuple[int, ...], expected: int) -> None:
    """A hiccup of the way does not come twice in as many samples again; a slow tail does."""
    assert expected == len(_samples(0.01, Answer(200, (), b""), slow))


def _lost(second: float, probe: str, attempt: int = 1, result: Answer | NoAnswer = SILENT) -> Exchange:
    request = Request("GET", "https://bot.example/", ((MARKER, probe),))
    return Exchange(request, result, Timing(0.1), NOW + timedelta(seconds=second), attempt)


def _mended(second: float, probe: str) -> Exchange:
    return _lost(second, probe, 2, Answer(200, (), b""))


def test_what_is_lost_at_one_moment_is_lost_once() -> None:
    """Where the second try was answered: a hiccup of the way takes all that is under way."""
    sent = [_lost(n / 10, f"{n}") for n in range(5)] + [_mended(10, f"{n}") for n in range(5)]

    assert 6 == len(counted(sent))
    assert (1, 6) == (error_rate(sent).errors, error_rate(sent).probes)


def test_what_comes_and_goes_counts_each_time() -> None:
    """Silences at other moments, those that a second try did not mend, and answers that are errors."""
    apart = [_lost(0, "a"), _lost(5, "b"), _mended(6, "a"), _mended(6, "b")]
    silent = [_lost(n / 10, f"{n}") for n in range(5)]
    errors = [_answered(500), _answered(500), _answered(200)]

    assert [2, 5, 2] == [sum(map(is_error, counted(sent))) for sent in (apart, silent, errors)]


@pytest.mark.parametrize(("probes", "said"), [(58, "takes 59 clean probes"), (59, "below the 5 % allowed")])
def test_what_clean_probes_claim_is_said(probes: int, said: str) -> None:
    """No error among a few shows little, and how many it takes is known."""
    assert said in error_rate([_answered(200)] * probes).claim(0.05)


@pytest.mark.parametrize(("clean", "most"), [(1, "95.0 %"), (28, "10.1 %"), (59, "5.0 %")])
def test_few_clean_requests_are_told_to_claim_little(clean: int, most: str) -> None:
    """One in ten that fails is easily missed by one command, and one in forty by a look at a health path."""
    assert told_of(clean, "requests").startswith(f"{clean} requests, no failure: at most {most} fail at 95 %")


def test_what_did_not_reach_the_bot_is_counted_apart() -> None:
    """It is no failure of the bot, and no success."""
    unasked = _exchange(NoAnswer(Silence.NOT_ASKED, ""))
    found = error_rate([_answered(200), unasked, _answered(500)])

    assert (2, 1, 1) == (found.probes, found.errors, found.unseen)
