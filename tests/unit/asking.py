"""A prober asks a small server: what tests of the prober have in common."""

from __future__ import annotations

from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober
from tests.unit.loopback import RawServer, Serve

GET = Request("GET", "/")
QUICK = Limits(total=0.4, connect=0.3, body=1000)
BUSY_S = 5.0  # seconds that a busy machine may add; what ends by no limit adds more
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def ask(serve: Serve, limits: Limits = QUICK, request: Request = GET) -> Exchange:
    """The exchange of one request with a server that does this."""
    with RawServer(serve) as server, Prober(server.url, limits=limits) as prober:
        return prober.ask(request)


def answer_of(exchange: Exchange) -> Answer:
    """The answer; fails when there is none."""
    assert isinstance(exchange.result, Answer), exchange.result
    return exchange.result


def silence_of(exchange: Exchange) -> Silence:
    """Why there is no answer; fails when there is one."""
    assert isinstance(exchange.result, NoAnswer), exchange.result
    return exchange.result.silence
