"""Interactions that Discord itself sent, as the tail shows them: what they prove where only Discord can sign.

The rule. A request is taken for Discord's when it is a POST to the interactions path, carries both headers
of a signature and Discord's user agent, and is no probe of ours. (A tail shows the names of all headers;
it may hide values.) Anybody can send such a request, but only Discord can sign it, and so:

* one that was answered well proves the signed path, provided that the bot refuses a forged signature;
* one that was answered 401 proves nothing: Discord signs wrongly on purpose now and then, and strangers
  always do, and 401 is right. Several of them and none that was taken is how a wrong public key looks;
* any other end is wrong, whoever sent it. Beside ones that were taken it is a finding, without them a fail.

What ran on a version that is not deployed, or on none that the tail names, says nothing of the deployment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from backstop.cloudflare.tail import Tail, TailEvent
from backstop.discord.signer import SIGNATURE, TIMESTAMP
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer
from backstop.model.version import VersionId
from backstop.observe.traffic import is_ours

AGENT = "Discord-Interactions/"
REMEDY = "use one of its commands meanwhile: --genuine 60; or accept discord.genuine: Discord holds the key"
SEVERAL = 3  # refused ones that no test of Discord's and no passing stranger explains
_SIGNED = frozenset({SIGNATURE.lower(), TIMESTAMP.lower()})
_TAKEN = frozenset({200, 202, 204})  # 202 and 204: the answer follows by request
_UNAUTHORISED = 401
_TELL_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class Genuine:
    """Discord's requests by how they ended: ``taken``, ``refused`` with 401, or ``broken``."""

    taken: tuple[TailEvent, ...] = ()
    refused: tuple[TailEvent, ...] = ()
    broken: tuple[TailEvent, ...] = ()

    @property
    def several_refused(self) -> bool:
        """Whether more were refused than Discord's own tests explain."""
        return len(self.refused) >= SEVERAL


@dataclass(frozen=True, slots=True)
class Vigil:
    """How many ``seconds`` a look waits for an interaction of Discord's; ``say`` tells who watches."""

    seconds: float = 0.0
    say: Callable[[str], object] = lambda _: None

    def wait(self, tail: Tail, taken: Callable[[TailEvent], bool]) -> None:
        """Keep the tail open until it shows one. Raises CouldNotLook when it is lost meanwhile."""
        left = self.seconds
        if left > 0:
            self.say(f"waiting up to {left:g} s for Discord: use one of the bot's commands now …")
        while left > 0:
            if tail.find(taken, min(left, _TELL_EVERY_S)) is not None:
                self.say("  Discord sent an interaction, and the bot took it")
                return
            left -= _TELL_EVERY_S
            self.say(f"  no interaction of Discord's was taken yet, {max(left, 0):g} s left")


NO_VIGIL = Vigil()


def weigh(events: Sequence[TailEvent], endpoint: str, deployed: Collection[VersionId]) -> Genuine:
    """Discord's requests to the ``endpoint``, a URL, that ran on a version that is deployed."""
    path = urlsplit(endpoint).path or "/"
    found = [e for e in events if e.version in deployed and is_genuine(e, path)]
    taken = tuple(e for e in found if e.outcome == "ok" and e.status in _TAKEN)
    refused = tuple(e for e in found if e.outcome == "ok" and e.status == _UNAUTHORISED)
    return Genuine(taken, refused, tuple(e for e in found if e not in taken and e not in refused))


def is_genuine(event: TailEvent, path: str) -> bool:
    """Whether it has the marks of Discord's requests; a signature can't be checked from a tail."""
    headers = {name.lower(): value for name, value in event.headers}
    return (
        event.method == "POST"
        and (urlsplit(event.url).path or "/") == path
        and headers.keys() >= _SIGNED
        and headers.get("user-agent", "").startswith(AGENT)
        and not is_ours(event)
    )


def refuse_if_gullible(forged: Answer) -> None:
    """Raise CouldNotLook when this answer to a forged signature shows a bot that takes anything."""
    if forged.status in _TAKEN:
        message = f"the bot answered {forged.status} to a forged signature, so what it takes proves nothing"
        raise CouldNotLook(message, remedy="see discord.endpoint.kept")
