"""What serves after a deployment of ours was cut off on its way: it may land a moment later."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from backstop.model.version import Deployment
from backstop.polling import Clock, PollTimedOut, poll

_LANDING_S = 3.0  # seconds that it is given to show in the history


def landed(head: Callable[[], Deployment], is_ours: Callable[[Deployment], bool], clock: Clock) -> Deployment:
    """The newest deployment, once it is ours or has had its time to be. Raises CouldNotLook."""

    def look() -> Deployment | None:
        found = head()
        return found if is_ours(found) else None

    with suppress(PollTimedOut):
        return poll(look, deadline=_LANDING_S, what="our own deployment", clock=clock)
    return head()
