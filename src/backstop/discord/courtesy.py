"""What is owed to Discord's API: its waits are kept to, and it is not asked again after many refusals.

Discord bans an address for 10,000 invalid requests (401, 403, 429; not those of a shared limit) in ten
minutes, and tells how long to wait in its headers: no limit is written down here.
https://discord.com/developers/docs/topics/rate-limits
"""

from __future__ import annotations

import math

from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer
from backstop.polling import SYSTEM, Clock
from backstop.probes.rest import TOO_MANY, RateLimited, asked_to_wait

MOST_WAIT = 5.0  # seconds before one request; what takes longer is not worth a session's time
MOST_REFUSED = 50
_UNKNOWN_WAIT = 60.0  # seconds, where a 429 does not say
_INVALID = frozenset({401, 403, TOO_MANY})


class Courtesy:
    """One for each client. ``refused`` counts the invalid requests; not for several threads."""

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self.refused = 0
        self._clock = clock
        self._open_at: dict[str, float] = {}  # by path, of which a client has few
        self._all_open_at = -math.inf

    def admit(self, path: str) -> None:
        """Return when this path may be asked.

        Raises RateLimited when that would take more than five seconds, CouldNotLook after 50 refusals.
        """
        if self.refused >= MOST_REFUSED:
            message = f"Discord has refused {self.refused} requests of this session; no more are sent"
            remedy = "Discord bans an address for 10,000 of them in ten minutes; see which checks are refused"
            raise CouldNotLook(message, remedy=remedy)
        left = max(self._all_open_at, self._open_at.get(path, -math.inf)) - self._clock.now()
        if left > MOST_WAIT:
            message = f"Discord wants {left:.0f} s to pass before it is asked for {path} again"
            raise RateLimited(message, math.ceil(left))
        if left > 0:
            self._clock.wait(left)

    def learn(self, path: str, answer: Answer) -> None:
        """Take note of what an answer says of the next request."""
        if answer.status in _INVALID and answer.header("X-RateLimit-Scope") != "shared":
            self.refused += 1
        if answer.status == TOO_MANY:
            self._close(path, asked_to_wait(answer), everything=_of_everything(answer))
        elif answer.header("X-RateLimit-Remaining") == "0":
            self._close(path, _seconds(answer.header("X-RateLimit-Reset-After")), everything=False)

    def _close(self, path: str, seconds: float | None, *, everything: bool) -> None:
        opens = self._clock.now() + (_UNKNOWN_WAIT if seconds is None else seconds)
        if everything:
            self._all_open_at = opens
        else:
            self._open_at[path] = opens


def _of_everything(answer: Answer) -> bool:
    """Whether it is the limit over all paths, which is said in a header and in the JSON."""
    return (answer.members() or {}).get("global") is True or answer.header("X-RateLimit-Global") is not None


def _seconds(value: str | None) -> float:
    """0 where a header is missing or no number: there is then nothing to wait for."""
    try:
        found = float(value or "")
    except ValueError:
        return 0.0
    return max(0.0, found) if math.isfinite(found) else 0.0
