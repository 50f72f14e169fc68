"""Which requests are samples of how fast a bot answers, and what is said of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from backstop.journal.events import Event, LatencySampled, StageStarted
from backstop.journal.record import Record
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange, Headers, NoAnswer, Request, Silence, Timing
from backstop.model.run import Phase, Stage
from backstop.observe.latency import latency
from backstop.observe.looks import Looks
from backstop.observe.reference import Past, Reference
from backstop.observe.samples import AnswersOtherwise, cached, why_lost
from backstop.observe.sampling import Sampled
from backstop.observe.schedule import Sent
from backstop.observe.series import Series, series
from backstop.observe.weighed import weigh_against
from backstop.rollback.baselines import Shelf, measured
from backstop.statistics.slowdown import Rule
from tests.unit.rollbacks import NOW, deployed, version, vid

PAGE = (("Content-Type", "text/plain"),)
TIMES = tuple(0.4 + 0.01 * (index % 5) for index in range(20))


def _answered(
    status: int = 200, seconds: float = 0.1, headers: Headers = (), body: bytes = b"", *, cold: bool = False
) -> Exchange:
    timing = Timing(seconds, seconds, connect=0.02 if cold else None)
    return Exchange(Request("GET", "/"), Answer(status, headers, body), timing, datetime.now(UTC))


def _silent(silence: Silence = Silence.TIMED_OUT) -> Exchange:
    return Exchange(Request("GET", "/"), NoAnswer(silence, ""), Timing(10.0), datetime.now(UTC))


def _sent(*exchanges: Exchange) -> list[Sent]:
    return [Sent(each, float(number)) for number, each in enumerate(exchanges)]


@pytest.mark.parametrize(
    ("exchange", "why"),
    [
        (_answered(), ""),
        (_answered(404), ""),
        (_answered(302), ""),
        (_answered(500), "answered 500"),
        (_answered(429), "answered 429"),
        (_answered(500, headers=PAGE, body=b"error code: 1101"), "answered with Cloudflare's error 1101"),
        (_answered(403, headers=(("cf-mitigated", "challenge"),)), "turned away by a Cloudflare challenge"),
        (_answered(seconds=0.0), "not timed"),
        (_silent(), "not answered (timed out)"),
        (_silent(Silence.RESET), "not answered (connection reset)"),
    ],
)
def test_what_is_no_answer_of_a_bot_that_is_well_is_no_sample(exchange: Exchange, why: str) -> None:
    """Its time is no time of an answer."""
    assert why_lost(exchange).startswith(why)
    assert bool(why) is bool(why_lost(exchange))


def test_failures_are_in_no_time_and_are_counted() -> None:
    """But who waits for one waits: how long the slowest answer took knows no difference."""
    found = latency(_sent(_answered(), _answered(500, 0.001), _answered(503, 4.0), _silent(), _answered(404)))

    assert (0.1, 0.1) == found.warm
    assert {"answered 500": 1, "answered 503": 1, "not answered (timed out)": 1} == found.lost
    assert (4.0, 1, 1, 4) == (found.slowest, found.slower_than(3.0), found.stalls, len(found.waits))
    assert [200, 404] == [cast("Answer", each.result).status for each in found.answers]


def test_what_is_said_beside_the_times() -> None:
    """What is in no time, what was answered otherwise, what a cache had; nothing where all is alike."""
    cache = (("Age", "12"),)
    found = latency(_sent(_answered(), _answered(), _answered(404, headers=cache), _answered(500)))
    mostly = latency(_sent(_answered(), _answered(500), _answered(500)))

    assert (
        "1 more in no time: 1 answered 500",
        "answered 200 (2), 404 (1)",
        "1 of 3 came from a cache: see health.uncached",
    ) == found.beside
    assert () == latency(_sent(_answered(), _answered())).beside
    assert (False, True) == (found.mostly_lost, mostly.mostly_lost)


@pytest.mark.parametrize(
    ("sent", "error", "said"),
    [
        ([_answered(503)] * 20, AnswersOtherwise, "20 probes sent, 20 answered 503"),
        ([_silent()] * 2, CouldNotLook, "2 not answered"),
        ([_answered(cold=True)] * 20, CouldNotLook, "20 answered over a new connection, as none was kept"),
        ([_answered(cold=True), _answered(503)], CouldNotLook, "1 answered 503, 1 answered over a new"),
    ],
)
def test_where_no_sample_is_left_nothing_is_made_up(
    sent: Sequence[Exchange], error: type[CouldNotLook], said: str
) -> None:
    """Only failures, only silence, or a server that closes each connection: each is said."""
    with pytest.raises(CouldNotLook, match=said) as told:
        latency(_sent(*sent))

    assert error is type(told.value)


def test_new_connections_that_all_failed_are_no_time() -> None:
    """Nor is one that never was."""
    failed = latency(_sent(_answered()), [_answered(500, cold=True)])
    nobody = latency(_sent(_answered()), [_silent()])

    assert pytest.approx(0.12) == latency(_sent(_answered()), [_answered(cold=True)]).quickest_cold
    with pytest.raises(AnswersOtherwise):
        _ = failed.quickest_cold
    with pytest.raises(CouldNotLook) as told:
        _ = nobody.quickest_cold
    assert not isinstance(told.value, AnswersOtherwise)


def _looks(*exchanges: Exchange) -> Looks:
    sent = _sent(*exchanges)
    looks: Any = SimpleNamespace(
        latency=latency(sent),
        cold=(),
        sampled=Sampled((), tuple(sent)),
        plain=Request("GET", "/"),
        place=SimpleNamespace(target=SimpleNamespace(concurrency=1)),
        deployed=SimpleNamespace(head=deployed(1), listed=(version(1), version(2))),
    )
    return cast("Looks", looks)


def _of(number: int) -> Headers:
    return (("Version", vid(number)),)


def test_each_sample_has_its_status_and_its_version() -> None:
    """The version is said once where all showed it; otherwise beside each, or nothing there."""
    same = series(_looks(_answered(headers=_of(1)), _answered(404, headers=_of(1)), _answered(500)))
    once_unseen = series(_looks(_answered(headers=_of(1)), _answered()))
    unseen = series(_looks(_answered(), _answered()))
    switched = series(_looks(_answered(headers=_of(1)), _answered(headers=_of(2))))

    assert (vid(1), (200, 404), (), {"answered 500": 1}, 1) == (
        same.version,
        same.statuses,
        same.versions,
        same.lost,
        same.failures,
    )
    assert (vid(1), (vid(1), "")) == (once_unseen.version, once_unseen.versions)
    assert (vid(1), ("", "")) == (unseen.version, unseen.versions)
    assert ("", (vid(1), vid(2)), True) == (switched.version, switched.versions, switched.switched)


def test_who_turns_a_request_away_is_not_compared_with_who_answers_it() -> None:
    """Within a session and with what was kept; where nobody kept a status, there is nothing to say."""
    refusing = Series("GET /", vid(2), (), TIMES, statuses=(404,) * 20)
    elsewhere = Series("GET /", vid(2), (), TIMES, statuses=(204,) * 20)
    before = Reference(vid(1), TIMES, "before", status=200)
    unknown = Reference(vid(1), TIMES, "before")

    with pytest.raises(AnswersOtherwise, match="old answered 200 and new 404"):
        weigh_against(before, refusing, Rule())
    for reference, found in ((before, elsewhere), (unknown, refusing)):
        assert 20 >= weigh_against(reference, found, Rule()).comparison.pairs


def test_where_failures_leave_too_few_times_that_is_said() -> None:
    """Other than too few answers of a bot that is slow."""
    before = Reference(vid(1), TIMES, "before")
    few = Series("GET /", vid(2), (), TIMES[:4], lost={"answered 500": 16}, failures=16)

    with pytest.raises(AnswersOtherwise, match="it takes 5; 16 more in no time: 16 answered 500"):
        weigh_against(before, few, Rule())


def test_what_is_compared_says_what_it_left_out() -> None:
    """And which answers were not like the others."""
    found = Series("GET /", vid(2), (), TIMES, statuses=(*(200,) * 19, 404), lost={"answered 500": 2})
    text = weigh_against(Reference(vid(1), TIMES, "before"), found, Rule()).text

    assert "; 2 more in no time: 2 answered 500; answered 200 (19), 404 (1); old was measured" in text


def test_the_status_is_kept_and_comes_back() -> None:
    """In a session's journal and in a baseline; an old one has none."""
    stage, sampled = Stage(3, Phase.FAULT, "x"), LatencySampled("0", vid(1), "GET /", (400.0,))
    new = LatencySampled("0", vid(1), "GET /", (400.0, 401.0, 402.0), statuses=(200, 404, 404))
    found = Series("GET /", vid(2), (), TIMES)

    def before(event: Event) -> tuple[int, int | None]:
        events = (StageStarted("0", "good", ""), event)
        records = [Record(n, NOW, n, each) for n, each in enumerate(events)]
        past, kept = Past(records, Shelf(()), NOW + timedelta(minutes=1)), measured(records, vid(1), "r", NOW)
        return past.before_the_fault(stage, found).status, kept.status if kept else None

    assert (404, 404) == before(new)
    assert (0, 0) == before(sampled)


def test_answers_of_a_cache_are_counted() -> None:
    """By what they say of themselves; an age that is no number says nothing."""
    ages = ("0", "12", "²", "x", "")
    answers = [_answered(headers=(("Age", age),)) for age in ages]

    assert 1 == cached(answers)
    assert 1 == cached([_answered(headers=(("CF-Cache-Status", "HIT"),)), _silent()])
