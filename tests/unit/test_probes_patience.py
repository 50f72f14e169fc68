"""What never answers is not asked for ever; what answers at all is."""

from __future__ import annotations

import pytest

from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence
from backstop.probes.limits import Limits
from backstop.probes.patience import SILENCES, Patience
from backstop.probes.prober import Prober, worth_another
from tests.unit.loopback import RawServer, saying, stalling

GET = Request("GET", "https://bot.example.com/health?at=1")
POST = Request("POST", "https://bot.example.com/")
HEAD = Request("HEAD", "https://bot.example.com/health")
TIMED_OUT = NoAnswer(Silence.TIMED_OUT, "")
OK = Answer(200, (), b"")


def _after(*seen: tuple[Request, Answer | NoAnswer]) -> Patience:
    patience = Patience()
    for request, result in seen:
        patience.note(request, result)
    return patience


def test_a_host_that_never_answers_is_given_up() -> None:
    """After more time-outs than requests are sent at once, whatever the path."""
    almost = _after(*[(GET, TIMED_OUT), (POST, TIMED_OUT)] * (SILENCES // 2))
    patience = _after(*[(GET, TIMED_OUT)] * SILENCES)

    assert almost.refusal(GET) is None
    refusal = patience.refusal(POST)
    assert refusal is not None
    assert refusal.silence is Silence.NOT_ASKED
    assert patience.refusal(Request("GET", "https://elsewhere.example.com/")) is None


def test_one_answer_keeps_a_host_worth_asking() -> None:
    """Only the path that never answers is given up, for the method that never does."""
    patience = _after((GET, OK), *[(POST, TIMED_OUT)] * SILENCES)

    assert patience.refusal(POST) is not None
    assert patience.refusal(GET) is None
    assert patience.refusal(Request("PUT", POST.url)) is None


def test_one_answer_keeps_a_path_worth_asking() -> None:
    """Whatever else it is asked that it does not answer."""
    assert _after(*[(POST, TIMED_OUT)] * SILENCES, (POST, OK)).refusal(POST) is None


def test_a_head_is_no_sign_of_a_body() -> None:
    """A bot that stalls within its body does answer HEAD."""
    patience = _after((HEAD, OK), *[(GET, TIMED_OUT)] * SILENCES)

    assert patience.refusal(GET) is not None
    assert patience.refusal(POST) is not None
    assert patience.refusal(HEAD) is not None


@pytest.mark.parametrize("silence", [s for s in Silence if s is not Silence.TIMED_OUT])
def test_what_fails_at_once_is_asked_on(silence: Silence) -> None:
    """It costs no time."""
    assert _after(*[(GET, NoAnswer(silence, ""))] * 2 * SILENCES).refusal(GET) is None


def test_a_prober_gives_up_only_where_it_is_patient() -> None:
    """And another look begins with new patience."""
    with RawServer(stalling) as server, Prober(server.url, limits=Limits(total=0.05)) as prober:
        patient = prober.patient()
        asked = patient.ask_all([Request("GET", f"/{number}") for number in range(SILENCES)])
        given_up = patient.ask_twice(Request("GET", "/"))
        connections = server.connections

        assert {Silence.TIMED_OUT} == {_silence(exchange) for exchange in asked}
        assert [Silence.NOT_ASKED] == [_silence(exchange) for exchange in given_up]
        assert not worth_another(given_up[0])
        assert connections == SILENCES
        assert _silence(prober.ask(Request("GET", "/"))) is Silence.TIMED_OUT
        assert _silence(prober.patient().ask(Request("GET", "/"))) is Silence.TIMED_OUT


def test_a_head_without_end_is_no_answer() -> None:
    """Provisional answers can't be sent for as long as the time limit lasts."""
    flood = saying(*[b"HTTP/1.1 103 Early Hints\r\n\r\n" * 1000] * 100)
    with RawServer(flood) as server, Prober(server.url) as prober:
        exchange = prober.ask(Request("GET", "/"))

    assert _silence(exchange) is Silence.BAD_HTTP
    assert exchange.timing.total < 9


def _silence(exchange: Exchange) -> Silence:
    assert isinstance(exchange.result, NoAnswer)
    return exchange.result.silence
