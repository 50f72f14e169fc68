"""How a channel is asked: within bounds, and without its address in what is said of it."""

from __future__ import annotations

from collections.abc import Sequence

import backstop
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, NoAnswer, Request
from backstop.model.target import Secret
from backstop.observe.readiness.finding import Lacking
from backstop.probes.limits import Limits
from backstop.probes.prober import SERVER_ERROR, Prober

LIMITS = Limits(total=5.0, connect=3.0, body=64 * 1024)
_TOO_MANY = frozenset({420, 429})
_AGENT = ("User-Agent", f"DiscordBot (backstop, {backstop.__version__})")


def ask(who: str, request: Request, headers: Sequence[tuple[str, Secret | str]] = ()) -> Answer:
    """The answer to a request that changes nothing; it is sent once more after silence.

    Raises CouldNotLook for silence, 5xx, 420 and 429.
    """
    with Prober(request.url, (_AGENT, *headers), LIMITS) as prober:
        result = prober.ask_twice(request, harmless=True)[-1].result
    if isinstance(result, NoAnswer):
        message = f"{who} did not answer ({result.silence.value})"
        raise CouldNotLook(message, remedy=f"see that this machine may reach {who}, and try again")
    if result.status in _TOO_MANY:
        message = f"{who} answered {result.status}: too many requests"
        raise CouldNotLook(message, remedy="wait a minute and try again")
    if result.status >= SERVER_ERROR:
        message = f"{who} answered {result.status}"
        raise CouldNotLook(message, remedy=f"try again; if it stays so, look at the status page of {who}")
    return result


def not_there(what: str, source: str, wrong: str) -> Lacking | CouldNotLook:
    """Why a channel that a target names can't be tried: what is set is something else, or nothing is."""
    if wrong:
        return Lacking(f"what {source} holds {wrong}", f"set {source} anew")
    message = f"{what} is not known: {source} is not set"
    return CouldNotLook(message, remedy=f"set {source} in the environment or in .env")


def odd(who: str, answer: Answer, wanted: str) -> CouldNotLook:
    """That something else answered in the place of the service, or in a way that nobody knows."""
    message = f"{who} answered {answer.status} in an unknown way; wanted {wanted}"
    return CouldNotLook(message, remedy=f"see that nothing stands between this machine and {who}")
