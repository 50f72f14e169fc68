"""Bots that answer nothing, or nothing that a bot would: one behaviour for each name."""

from __future__ import annotations

import itertools
import json
import socket
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache

from tests.hostile.wire import (
    HTML,
    JSON,
    Asked,
    Odd,
    always,
    answer,
    as_json,
    dripping,
    holding,
    keeping,
    once,
    streaming,
)
from tests.unit.loopback import Serve

OK = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = OK + b"Transfer-Encoding: chunked\r\n" + JSON
_MIB = bytes(1024 * 1024)
_HINT = b"HTTP/1.1 103 Early Hints\r\nLink: <" + b"x" * 500 + b">\r\n\r\n"
_CHALLENGE = answer(b"<html>Just a moment...", "403 Forbidden", HTML + b"cf-mitigated: challenge\r\n")
_LOGIN = b"Location: https://team.cloudflareaccess.com/cdn-cgi/access/login/bot.example.com?kid=x\r\n"
_PAGE_1020 = b"<html><head><title>Access denied</title></head><body>error code: 1020</body></html>"
_FORM = (
    b'<html><body><form action="/cdn-cgi/access/login">Sign in with Cloudflare Access</form></body></html>'
)


def _drop(_connection: socket.socket) -> None:
    """Hang up before a request was read."""


def _greet(connection: socket.socket) -> None:
    """Speak first, and not HTTP."""
    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
    connection.recv(65536)


def _megabytes(count: int) -> Callable[[], Iterator[bytes]]:
    return lambda: itertools.repeat(_MIB, count)


@cache
def _bomb() -> bytes:
    """A hundred megabytes of nothing, in gzip."""
    squeeze = zlib.compressobj(wbits=31)
    return b"".join([*map(squeeze.compress, _megabytes(100)()), squeeze.flush()])


def health(**members: object) -> dict[str, object]:
    """What a well bot says of itself, with some members otherwise."""
    now = datetime.now(UTC).isoformat()
    return {"status": "healthy", "environment": "production", "timestamp": now, **members}


def saying(text: str) -> Serve:
    """Health with more members, as JSON text, in its place."""

    def choose(_asked: Asked) -> bytes:
        return answer((json.dumps(health())[:-1] + f", {text}}}").encode())

    return keeping(choose)


def _replying(content: object) -> Serve:
    """A well bot whose every interaction is answered with this."""
    return keeping(lambda asked: as_json(content if asked.method == "POST" else health()))


def _health_only(asked: Asked) -> bytes:
    """Hang up on everything else."""
    return as_json(health()) if asked.method in {"GET", "HEAD"} else b""


def _guarded(asked: Asked) -> bytes:
    """Something in front lets nothing through but what reads."""
    return as_json(health()) if asked.method in {"GET", "HEAD"} else _CHALLENGE


def _no_commands(asked: Asked) -> bytes:
    """PONG to whatever is no command, and nothing to a command."""
    return b"" if b'"name"' in asked.body else as_json({"type": 1, **health()})


def _hops(asked: Asked) -> bytes:
    """To the next of a thousand hops, and from the last one back to the first."""
    hop = int(asked.path.rpartition("/")[2]) if asked.path.startswith("/hop/") else 0
    return answer(b"", "302 Found", b"Location: /hop/%d\r\n" % ((hop + 1) % 1000))


SILENT: dict[str, Serve] = {
    "drops on accept": _drop,
    "drops after the request": once(),
    "drops within the head": once(OK + b"Conte"),
    "broken chunking": once(_CHUNKED + b"\r\nzz\r\nabc\r\n"),
    "no last chunk": once(_CHUNKED + b"\r\n3\r\nabc\r\n"),
    "chunk of a terabyte": once(_CHUNKED + b"\r\nffffffffff\r\nabc"),
    "10,000 headers": once(OK, b"a: b\r\n" * 10_000, b"\r\n"),
    "10,000 long headers": once(OK, (b"a: " + b"b" * 100 + b"\r\n") * 10_000, b"\r\n"),
    "a header of 10 MB": once(OK + b"a: ", *(b"b" * 1024 * 1024 for _ in range(10)), b"\r\n\r\n"),
    "length too long": once(OK + JSON + b"Content-Length: 999\r\n\r\n{}"),
    "length is no number": once(OK + b"Content-Length: many\r\n\r\n{}"),
    "length is negative": once(OK + b"Content-Length: -1\r\n\r\n{}"),
    "length twice": once(OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
    "status 99": once(b"HTTP/1.1 99 What\r\nContent-Length: 2\r\n\r\n{}"),
    "status of ten digits": once(b"HTTP/1.1 2000000000 OK\r\nContent-Length: 2\r\n\r\n{}"),
    "HTTP/0.9": once(b"<html>I am HTTP/0.9</html>"),
    "SSH": _greet,
    "TLS alert": once(b"\x15\x03\x01\x00\x02\x02\x46"),
    "103 without end": streaming(b"", lambda: itertools.repeat(_HINT * 100, 10_000)),
    "101": always(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nxx"),
    "no gzip": once(answer(b"no gzip", headers=JSON + b"Content-Encoding: gzip\r\n")),
}
STALLING: dict[str, Serve] = {
    "stalls before the head": holding(),
    "stalls within the body": holding(OK + JSON + b"Content-Length: 9999\r\n\r\n{"),
    "drips a byte a second": dripping(OK + JSON + b"Content-Length: 9999\r\n\r\n"),
}
BLOCKED: dict[str, Serve] = {
    "Access login": always(answer(b"", "302 Found", _LOGIN)),
    "challenge": always(_CHALLENGE),
    "firewall": always(answer(_PAGE_1020, "403 Forbidden", HTML)),
    "firewall's page": always(
        answer(b"<title>Attention Required! | Cloudflare</title>", "403 Forbidden", HTML)
    ),
    "Access, no permission": always(
        answer(b"<title>Error | Cloudflare Access</title>", "403 Forbidden", HTML)
    ),
}
WRONG: dict[str, Odd] = {
    "100 MB": Odd(
        streaming(OK + JSON + b"Content-Length: 104857600\r\n\r\n", _megabytes(100)), "health.json"
    ),
    "100 MB in chunks": Odd(streaming(_CHUNKED + b"\r\n6400000\r\n", _megabytes(100)), "health.json"),
    "gzip bomb": Odd(
        keeping(lambda _: answer(_bomb(), headers=JSON + b"Content-Encoding: gzip\r\n")),
        "health.json",
    ),
    "no UTF-8": Odd(
        always(answer(b'{"status": "\xff\xfe\x80"}', headers=JSON + b"X-Odd: \xff\xfe\x80\r\n")),
        "health.json",
    ),
    "terminal codes": Odd(
        always(answer(b'{"environment": "\x1b[2J"}', headers=JSON + b"Server: \x9b2J 1.2\x1b[2J\r\n")),
        "health.json",
    ),
    "length too short": Odd(
        once(OK + JSON + b"Content-Length: 3\r\n\r\n{}           and more"), "health.healthy"
    ),
    "redirect to itself": Odd(always(answer(b"", "302 Found", b"Location: /\r\n")), "health.redirect"),
    "redirect in a circle": Odd(keeping(_hops), "health.redirect"),
    "redirect to nonsense": Odd(
        always(answer(b"", "302 Found", b"Location: http://[\r\n")), "health.redirect"
    ),
    "login form": Odd(always(answer(_FORM, headers=HTML)), "health.json"),
    "{} to everything": Odd(always(answer(b"{}")), "health.healthy"),
    "[[[[…": Odd(always(answer(b"[" * 100_000)), "health.json"),
    "nested 900 deep": Odd(saying('"checks": ' + '{"a": ' * 900 + "1" + "}" * 900), "health.json"),
    "nested 300 deep": Odd(saying('"status": ' + "[" * 300 + "]" * 300), "health.json"),
    "NaN": Odd(saying('"timestamp": NaN, "checks": {"a": NaN, "b": Infinity}'), "health.json"),
    "huge numbers": Odd(saying(f'"timestamp": {10**400}, "checks": {{"a": 1e999}}'), "health.fresh"),
    "number of 10,000 digits": Odd(saying(f'"timestamp": {"9" * 10_000}'), "health.json"),
    "members twice": Odd(saying('"status": "down", "status": "dead"'), "health.healthy"),
    "lone surrogates": Odd(
        saying(r'"status": "\ud800", "environment": "\udfff", "checks": {"\ud800": "\ud800"}'),
        "health.environment",
    ),
    "checks of odd types": Odd(
        saying('"checks": {"a": [1], "b": null, "c": {"status": {"ok": []}}, "": ""}'),
        "health.checks",
        "degraded",
    ),
    "checks are a list": Odd(saying('"checks": [{"a": false}], "timestamp": {"now": 1}'), "health.fresh"),
    "timestamp far away": Odd(
        saying('"timestamp": "9999-12-31T23:59:59-23:59", "version": [1]'), "health.fresh"
    ),
    "embeds of odd types": Odd(
        _replying({"type": 4, "data": {"embeds": 5, "flags": 1e300, "content": ["x"]}}),
        "discord.interactions",
    ),
    "data of odd types": Odd(_replying({"type": 10**30, "data": [1]}), "discord.commands"),
    "answers its health only": Odd(keeping(_health_only), "security.provoked", "inconclusive"),
    "challenges what writes": Odd(keeping(_guarded), "security.leaks.secrets", "inconclusive"),
    "hangs up on commands": Odd(keeping(_no_commands), "discord.in-time"),
    "status 600": Odd(always(answer(status="600 What")), "health.reachable"),
    "status 999": Odd(always(answer(status="999 What")), "health.reachable"),
    "204 with a body": Odd(
        always(b"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}"), "health.status"
    ),
    "retry after 1e99": Odd(
        always(answer(status="429 Too Many Requests", headers=JSON + b"Retry-After: 1e99\r\n")),
        "health.status",
    ),
}
