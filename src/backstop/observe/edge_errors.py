"""Cloudflare's own error pages in words: what each says of the bot, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backstop.model.http import Answer, Exchange
from backstop.probes.classify import cloudflare_error
from backstop.probes.hurdles import blocked

_MEANINGS = {
    1015: (
        "rate limited: too many requests for a rule of the zone",
        "look at the zone's rate limiting rules",
    ),
    1016: ("the name of the origin is not known", "look at the DNS records of the zone"),
    1019: ("the worker calls itself in a loop", "look for a fetch to the worker's own route"),
    1022: ("the route leads nowhere", "look at the routes of the zone"),
    1027: ("the worker has used up its requests of the day", "upgrade the plan, or wait until 00:00 UTC"),
    1042: (
        "a fetch to another worker of the zone was refused, or no worker is here",
        "use a service binding",
    ),
    1101: ("the worker threw an exception", "wrangler tail --status error; roll back to the version before"),
    1102: ("the worker used too much CPU time or memory", "roll back, then look for a loop or a large body"),
    1104: ("a script or a variable of the zone is missing", "deploy the worker again"),
    522: ("the origin did not take the connection", "look at Cloudflare's status page"),
    524: ("the worker did not answer in time", "look for a fetch without a time limit"),
}
_UNKNOWN = ("an error of Cloudflare's edge", "look it up: developers.cloudflare.com/support, error codes")


@dataclass(frozen=True, slots=True)
class EdgeError:
    """One answer that Cloudflare gave in the bot's place."""

    request: str
    code: int

    @property
    def meaning(self) -> str:
        """What the code says."""
        return _MEANINGS.get(self.code, _UNKNOWN)[0]

    @property
    def fix(self) -> str:
        """What to do about it."""
        return _MEANINGS.get(self.code, _UNKNOWN)[1]

    def __str__(self) -> str:
        return f"{self.request}: Cloudflare error {self.code}, {self.meaning}"


def edge_errors(exchanges: Iterable[Exchange]) -> tuple[EdgeError, ...]:
    """The error pages among these answers; being turned away before the bot is asked is none."""
    return tuple(
        EdgeError(f"{exchange.request.method} {exchange.request.url}", code)
        for exchange in exchanges
        if isinstance(exchange.result, Answer) and not blocked(exchange.result)
        if (code := cloudflare_error(exchange.result)) is not None
    )
