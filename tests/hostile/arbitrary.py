"""Hypothesis strategies: any answer that a bot or a service may give, with JSON where JSON is read."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from backstop.model.http import Answer, Exchange, NoAnswer, Request, Silence, Timing

_NAMES = st.sampled_from(
    (
        *("status", "checks", "timestamp", "environment", "version", "id", "state", "ok", "type", "data"),
        *("content", "embeds", "title", "description", "flags", "name", "options", "required", "indicator"),
        *("deployments", "items", "versions", "version_id", "percentage", "created_on", "number", "metadata"),
        *("annotations", "resources", "bindings", "success", "result", "errors", "code", "message", "url"),
        *("outcome", "event", "request", "response", "headers", "logs", "exceptions", "scriptVersion"),
    )
)
_TEXTS = st.text(st.characters(), max_size=20) | st.sampled_from(
    (
        *(
            "healthy",
            "ok",
            "down",
            "2026-01-31T12:00:00Z",
            "9999-12-31T23:59:59-23:59",
            "0001-01-01T00:00:00+23:59",
        ),
        *(
            "71570803-d6b0-4a51-b97f-42fadb8da7e1",
            "http://[",
            "https://x:99999/",
            "\ud800",
            "\x1b[2J",
            "none",
        ),
        *("2026-01-31", "2026-W05-6", "12:00", "1e999", "exception", "error code: 1101"),
    )
)
numbers: st.SearchStrategy[float] = (
    st.integers(-(10**400), 10**400)
    | st.integers(-5, 2000)
    | st.floats(allow_nan=False)
    | st.sampled_from((math.inf, -math.inf, 1e11, -1e11, 1e308, 2**63, 253402300800))
)
"""Any number that a JSON text can stand for."""

_LEAVES = st.none() | st.booleans() | numbers | _TEXTS

json_values: st.SearchStrategy[Any] = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES | _TEXTS, inner, max_size=6),
    max_leaves=15,
)
"""Any value that JSON can hold, with the members that are read in odd places."""

json_objects: st.SearchStrategy[dict[str, Any]] = st.dictionaries(_NAMES | _TEXTS, json_values, max_size=8)
"""Any JSON object."""

_HEADER_NAMES = st.sampled_from(
    (
        *("Content-Type", "Location", "Age", "CF-Cache-Status", "cf-mitigated", "Retry-After", "Server"),
        *("Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"),
        *("Content-Security-Policy", "Cache-Control", "Cross-Origin-Resource-Policy", "X-XSS-Protection"),
        *("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "X-Powered-By"),
    )
)
_HEADER_VALUES = _TEXTS | st.sampled_from(
    (
        *(
            "text/html",
            "application/json",
            "challenge",
            "*",
            "true",
            "null",
            "0",
            "nosniff",
            "DENY",
            "²",
            "HIT",
        ),
        *(
            "max-age=31536000; includeSubDomains",
            "max-age=²",
            "default-src 'none', ;;, script-src *",
            "http://[",
        ),
        *("https://team.cloudflareaccess.com/", "1e99", "nan", "-inf", "https://[::1", "1; mode=block"),
    )
)
_BODIES = (
    st.binary(max_size=200)
    | _TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | json_values.map(lambda value: json.dumps(value).encode())
)

answers: st.SearchStrategy[Answer] = st.builds(
    Answer,
    status=st.sampled_from((200, 204, 302, 400, 401, 403, 404, 405, 429, 500, 502)) | st.integers(100, 999),
    headers=st.lists(st.tuples(_HEADER_NAMES | _TEXTS, _HEADER_VALUES), max_size=8).map(tuple),
    body=_BODIES,
    truncated=st.booleans(),
)
"""Any answer."""

_SILENCES = st.builds(NoAnswer, st.sampled_from(Silence), _TEXTS)
_SECONDS = st.none() | st.floats(0, 20)

exchanges: st.SearchStrategy[Exchange] = st.builds(
    Exchange,
    request=st.builds(Request, st.sampled_from(("GET", "HEAD", "POST")), st.just("https://bot.example.com/")),
    result=answers | _SILENCES,
    timing=st.builds(Timing, st.floats(0, 20), _SECONDS, _SECONDS, _SECONDS),
    at=st.just(datetime(2026, 1, 31, tzinfo=UTC)),
)
"""Any exchange with a bot."""
