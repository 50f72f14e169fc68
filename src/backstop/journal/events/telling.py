"""What people were told, and what there was to tell outside of an incident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from backstop.journal.events.base import Event


@dataclass(frozen=True, slots=True)
class NotificationSent(Event):
    """One try to tell a channel (slack, discord, statuspage) of an ``occasion``, and what it answered.

    ``attempts`` counts the requests that it took, over ``seconds``. ``perhaps``: the channel did not say that
    it took it, and may have.
    """

    kind: ClassVar[str] = "notification-sent"
    channel: str
    occasion: str
    ok: bool
    answer: str
    attempts: int
    seconds: float
    perhaps: bool = False


@dataclass(frozen=True, slots=True)
class AlertChanged(Event):
    """What a monitor watches changed; ``state`` is raised, reminded, resolved or flapping.

    ``subject`` is what is watched, ``since`` when it began in UTC, ``failures`` how many looks have failed.
    """

    kind: ClassVar[str] = "alert-changed"
    subject: str
    state: str
    severity: str
    text: str
    since: str
    failures: int
