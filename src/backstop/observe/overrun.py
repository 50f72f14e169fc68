"""Whether we asked a bot more often than it allows: then its 429 says nothing of how it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange
from backstop.probes.classify import cloudflare_error
from backstop.probes.hurdles import blocked
from backstop.probes.prober import SERVER_ERROR

TOO_MANY = 429


class Overrun(CouldNotLook):
    """Raised when the bot's own limit turned us away after it had answered the same request well."""


def turned_down(exchange: Exchange) -> bool:
    """Whether the bot itself answered 429. Cloudflare's own page for that, 1015, is another matter."""
    result = exchange.result
    return isinstance(result, Answer) and result.status == TOO_MANY and cloudflare_error(result) is None


def overran(usual: Iterable[Exchange]) -> bool:
    """Whether a usual request was turned down after one like it, of the same method and path, was answered.

    A bot that turns down every such request is ill, whatever it says of limits.
    """
    answered: set[tuple[str, str]] = set()
    for exchange in sorted(usual, key=lambda each: each.at):
        kind = (exchange.request.method, urlsplit(exchange.request.url).path)
        if turned_down(exchange) and kind in answered:
            return True
        if _well(exchange):
            answered.add(kind)
    return False


def heed(exchanges: Sequence[Exchange], usual: Iterable[Exchange]) -> None:
    """Raise Overrun when one of ``exchanges`` was turned down, and ``usual`` shows that it was our doing."""
    down = next((exchange for exchange in exchanges if turned_down(exchange)), None)
    if down is not None and overran(usual):
        message = (
            f"{down.request.method} {down.request.url} was answered 429 after requests like it were answered "
            "well: this session asked more often than the bot allows"
        )
        raise Overrun(message, remedy="lower requests_per_minute for this target, or wait a minute")


def _well(exchange: Exchange) -> bool:
    result = exchange.result
    if not isinstance(result, Answer) or blocked(result) or cloudflare_error(result) is not None:
        return False
    return result.status < SERVER_ERROR and result.status != TOO_MANY
