"""Has the sandbox's Discord send an interaction, as the real one does when somebody uses a command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backstop.model.errors import CouldNotLook
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober
from backstop.probes.rest import Rest, excerpt

LIMITS = Limits(total=10.0)  # seconds; Discord itself gives a bot three
_REFUSED = 400


@dataclass(frozen=True, slots=True)
class Courier:
    """``control`` is the address of the sandbox's control. No real Discord can be asked for this."""

    control: str

    def deliver(self, url: str, payload: Mapping[str, Any]) -> str:
        """Have the interaction signed and posted; what Discord has against the bot's answer, if anything.

        Its token is good for follow-ups from then on. Raises CouldNotLook when nothing was sent.
        """
        rest = Rest("sandbox", Prober(self.control, limits=LIMITS))
        try:
            reply = rest.call("POST", "/discord/interactions", {"url": url, "payload": dict(payload)})
        finally:
            rest.close()
        if reply.status >= _REFUSED or not isinstance(reply.content, dict):
            message = f"sandbox: it sent no interaction: {reply.status} {excerpt(reply.answer)}"
            raise CouldNotLook(message)
        return str(reply.content.get("problem", ""))
