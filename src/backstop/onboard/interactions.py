"""Where a bot takes Discord's interactions: the path that answers a signed PING and refuses a forged one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backstop.discord import payloads
from backstop.discord.signer import Signer
from backstop.model.http import Answer, Exchange, Request
from backstop.observe.interaction import kind_of
from backstop.observe.reply import Reply
from backstop.probes.prober import Prober

_UNAUTHORISED = 401
_PONG = 1


@dataclass(frozen=True, slots=True)
class InteractionsFound:
    """``path`` is empty where none answers; ``sentences`` tell what was asked and found."""

    path: str
    sentences: tuple[str, ...]


def find_interactions(
    prober: Prober, signer: Signer, application: str, paths: Sequence[str]
) -> InteractionsFound:
    """Post a PING to every path, signed with the run's key and with a stranger's."""
    genuine = prober.ask_all([_ping(path, signer, application) for path in paths])
    taken = [path for path, exchange in zip(paths, genuine, strict=True) if is_reply(exchange, _PONG)]
    if not taken:
        return InteractionsFound("", (_none(genuine, paths),))
    stranger = Signer.random()
    forged = prober.ask_all([_ping(path, stranger, application) for path in taken])
    sound = [path for path, exchange in zip(taken, forged, strict=True) if _refused(exchange)]
    path = sound[0] if sound else taken[0]
    to_a_stranger = dict(zip(taken, forged, strict=True))[path]
    said = f"POST {path} answers a signed PING with PONG"
    return InteractionsFound(path, (f"{said}, and {_to_a_stranger(to_a_stranger)}",))


def _ping(path: str, signer: Signer, application: str) -> Callable[[], Request]:
    def make() -> Request:
        return signed(path, signer, payloads.ping(application))

    return make


def signed(path: str, signer: Signer, payload: payloads.Payload) -> Request:
    """An interaction as Discord would post it to that path."""
    body = payloads.encode(payload)
    return Request("POST", path, (("Content-Type", "application/json"), *signer.sign(body)), body)


def reply_type(exchange: Exchange) -> int | None:
    """The type of an interaction's answer; None where it is no answer that Discord would take."""
    result = exchange.result
    return kind_of(Reply(exchange.request, result)) if isinstance(result, Answer) else None


def is_reply(exchange: Exchange, kind: int) -> bool:
    """Whether the answer is of that type."""
    return reply_type(exchange) == kind


def _refused(exchange: Exchange) -> bool:
    return isinstance(exchange.result, Answer) and exchange.result.status == _UNAUTHORISED


def _to_a_stranger(exchange: Exchange) -> str:
    result = exchange.result
    if not isinstance(result, Answer):
        return "gives no answer to one that a stranger signed: Discord wants 401"
    if result.status == _UNAUTHORISED:
        return "refuses one that a stranger signed"
    if is_reply(exchange, _PONG):
        return "one that a stranger signed too: it does not verify signatures as it must"
    return f"answers {result.status} to one that a stranger signed: Discord wants 401"


def _none(genuine: Sequence[Exchange], paths: Sequence[str]) -> str:
    said = sorted({str(e.result.status) for e in genuine if isinstance(e.result, Answer)})
    answered = f"answered {', '.join(said)}" if said else "did not answer"
    return (
        f"no path answers a signed PING with PONG: {', '.join(paths[:4])} and {len(paths) - 4} more "
        f"{answered}. Under which name does the bot read its public key, and on which path does it listen?"
    )
