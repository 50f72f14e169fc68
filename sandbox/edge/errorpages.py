"""The pages with which Cloudflare's edge answers in a worker's place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from html import escape

from aiohttp import web

COLO = "SBX"
_TEMPLATE = """<!DOCTYPE html>
<html lang="en-US">
<head>
<title>{title} | {host} | Cloudflare</title>
<meta charset="UTF-8">
<meta name="robots" content="noindex, nofollow">
</head>
<body>
<div id="cf-wrapper">
<div id="cf-error-details">
<h1><span>Error</span> <span>{code}</span></h1>
<h2>{title}</h2>
<p>{explanation}</p>
<p>error code: {code}</p>
<p>Cloudflare Ray ID: <strong>{ray}</strong> &bull; {host}</p>
</div>
</div>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class _Page:
    code: int
    status: int
    title: str
    explanation: str


class EdgeError(Enum):
    """What the edge answers by itself: error code, HTTP status, title and explanation."""

    RATE_LIMITED = _Page(1015, 429, "You are being rate limited", "Please wait before trying again.")
    EXCEPTION = _Page(
        1101, 500, "Worker threw exception", "You have requested a page that threw an exception."
    )
    RESOURCES = _Page(1102, 503, "Worker exceeded resource limits", "The worker used too much CPU or memory.")
    DAILY_LIMIT = _Page(1027, 429, "Rate limited", "This worker has had too many requests today.")
    NO_WORKER = _Page(1042, 404, "There is nothing here yet", "No worker is deployed at this address.")
    UNKNOWN = _Page(520, 520, "Web server is returning an unknown error", "The worker gave no valid answer.")
    TIMED_OUT = _Page(524, 524, "A timeout occurred", "The worker did not answer in time.")


def page(error: EdgeError, host: str, ray: str) -> web.Response:
    """The answer in the worker's place, as a browser sees it."""
    known = error.value
    text = _TEMPLATE.format(
        code=known.code,
        title=escape(known.title),
        explanation=escape(known.explanation),
        host=escape(host),
        ray=escape(ray),
    )
    answer = web.Response(text=text, status=known.status, content_type="text/html", charset="UTF-8")
    answer.headers["Cache-Control"] = "private, no-store"
    return stamped(answer, ray)


def stamped(answer: web.Response, ray: str) -> web.Response:
    """An answer with the headers that every answer of the edge has."""
    answer.headers["Server"] = "cloudflare"
    answer.headers["CF-RAY"] = f"{ray}-{COLO}"
    return answer
