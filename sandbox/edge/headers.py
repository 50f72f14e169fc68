"""Headers on their way through the front proxy: order, case and duplicates stay."""

from __future__ import annotations

import json
from collections.abc import Iterable

from multidict import CIMultiDict

from sandbox.edge.config import CF_BLOB, SCHEME
from sandbox.edge.errorpages import COLO
from sandbox.edge.flight import Headers
from sandbox.edge.wires import LEADS_TO

_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
_OURS = frozenset(
    {CF_BLOB, LEADS_TO, SCHEME, "cf-connecting-ip", "cf-ray", "cf-visitor", "expect", "x-forwarded-proto"}
)
_EDGES = frozenset({"cf-ray", "server"})
_CF = {"colo": COLO, "country": "XX", "httpProtocol": "HTTP/1.1"}


def decoded(raw: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Headers as they came over the wire."""
    return tuple((name.decode("latin-1"), value.decode("utf-8", "replace")) for name, value in raw)


def to_worker(headers: Headers, ray: str, client: str, scheme: str) -> CIMultiDict[str]:
    """What a worker is sent: the client's headers and what the edge knows of the request."""
    passed = CIMultiDict(_without(headers, _HOP | _OURS))
    passed.add("CF-Connecting-IP", client)
    passed.add("CF-Ray", ray)
    passed.add("Connection", "Keep-Alive")
    passed.add("CF-Visitor", f'{{"scheme":"{scheme}"}}')
    passed.add("X-Forwarded-Proto", scheme)
    passed.add(SCHEME, scheme)
    passed.add(CF_BLOB, json.dumps(_CF))
    return passed


def to_client(headers: Headers, ray: str) -> CIMultiDict[str]:
    """What a client is sent: the worker's headers under the edge's name."""
    passed = CIMultiDict(_without(headers, _HOP | _EDGES))
    passed.add("Server", "cloudflare")
    passed.add("CF-RAY", f"{ray}-{COLO}")
    return passed


def _without(headers: Headers, names: frozenset[str]) -> Headers:
    """The headers but for these and those that Connection names as its own."""
    hops = {
        part.strip().lower()
        for name, value in headers
        if name.lower() == "connection"
        for part in value.split(",")
    }
    return tuple((name, value) for name, value in headers if name.lower() not in names | hops)
