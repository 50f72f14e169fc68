"""Mangled HTTP of every kind: always an answer or a reason why not, in time, never an exception."""

from __future__ import annotations

import gzip
import random
import socket
import time

import pytest

from backstop.model.http import Answer, NoAnswer, Request
from backstop.probes.classify import cloudflare_error
from backstop.probes.hurdles import blocked
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober
from tests.unit.asking import BUSY_S
from tests.unit.loopback import RawServer, read_request

SOUND = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=b\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
    b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nxx",
    b"HTTP/1.0 200 OK\r\n\r\nto the end",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n" + gzip.compress(b"hello"),
    b"HTTP/1.1 500 No\r\nContent-Type: text/html\r\nContent-Length: 30\r\n\r\n<h1>Error <span>1101</span>   ",
)
PIECES = (
    b"\r\n",
    b"\r\n\r\n",
    b"Content-Length: 3\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"\x00",
    b"\xff",
    b":",
    b" ",
)
LIMITS = Limits(total=0.05, connect=0.05, body=100)


def _mangled(reply: bytes, chance: random.Random) -> bytes:
    """A sound reply with a few bytes overwritten, put in or cut out."""
    mangled = bytearray(reply)
    for _ in range(chance.randint(0, 5)):
        at = chance.randrange(len(mangled) + 1)
        end = at + chance.randint(0, 4)
        mangled[at:end] = chance.choice((b"", b"", chance.randbytes(2), chance.choice(PIECES)))
    return bytes(mangled)


@pytest.mark.parametrize("seed", range(4))
def test_no_reply_is_too_odd(seed: int) -> None:
    """A failing seed replays its case."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    reply = b""

    def serve(connection: socket.socket) -> None:
        while read_request(connection):
            connection.sendall(reply)
            if chance.random() < 0.8:
                return

    with RawServer(serve) as server, Prober(server.url, limits=LIMITS) as prober:
        for _ in range(40):
            reply = _mangled(chance.choice(SOUND), chance)
            began = time.monotonic()
            result = prober.ask(Request(chance.choice(("GET", "POST", "HEAD")), "/")).result
            assert time.monotonic() - began < BUSY_S, reply
            assert isinstance(result, Answer | NoAnswer)
            if isinstance(result, Answer):
                assert blocked(result) is None
                assert cloudflare_error(result) in {None, 1101} or b"1101" not in reply
