"""What was seen of a bot minute by minute, in the half hour after a rollback."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from backstop.journal.events.base import Event


@dataclass(frozen=True, slots=True)
class MinuteWatched(Event):
    """One minute of a watch, the first is 1; the last may be shorter: ``seconds``.

    ``sent``, ``failed`` and ``unseen`` are our probes, ``unseen`` those that say nothing of the bot; ``mean``
    is the mean time to their first byte in seconds. ``events`` were in the tail, by ``outcomes`` in
    Cloudflare's words and by ``versions``; ``failures`` are those of each version that ended badly or with
    5xx. ``blind`` is for how many seconds probes of ours did not appear in the tail, so that what it did not
    show may have happened. ``sampled``: Cloudflare said that it left events out. ``lost`` counts connections.
    """

    kind: ClassVar[str] = "minute-watched"
    stage: str
    minute: int
    seconds: float
    sent: int
    failed: int
    unseen: int
    mean: float
    events: int
    blind: float
    outcomes: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    unauthorised: int = 0
    sampled: bool = False
    lost: int = 0
