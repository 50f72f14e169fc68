"""Whether a bot can be used without TLS."""

from __future__ import annotations

from backstop.model.errors import CouldNotLook
from backstop.model.http import Exchange, NoAnswer, Silence

_REDIRECTS = range(300, 400)


def served_plainly(exchange: Exchange) -> str:
    """What a plain http request got where it should get a redirect to https, or nothing.

    A refused connection is as good as a redirect. Raises CouldNotLook for any other silence: it tells
    nothing of what the next caller gets.
    """
    result = exchange.result
    if isinstance(result, NoAnswer):
        if result.silence is Silence.REFUSED:
            return ""
        message = f"{exchange.request.url}: no answer ({result.silence.value}: {result.detail})"
        raise CouldNotLook(message, remedy="look at Always Use HTTPS: SSL/TLS, Edge Certificates of the zone")
    location = result.header("location") or ""
    if result.status in _REDIRECTS and location.lower().startswith("https:"):
        return ""
    return f"{result.status} to {location}" if location else str(result.status)
