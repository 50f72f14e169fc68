"""What a tail shows, counted and not kept: the same little memory for ten events and for a million."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from backstop.cloudflare.tail_event import OVERLOAD, TailEvent
from backstop.observe.traffic import HARMLESS, provoked
from backstop.probes.prober import SERVER_ERROR
from backstop.rollback.edge_witness import MARKER

EXCEEDED = frozenset({"exceededCpu", "exceededMemory"})
_UNAUTHORISED = frozenset({401, 403})
_MOST_KINDS = 20  # versions, and outcomes, that are told apart; the rest is counted together
_OTHERS = "other"


@dataclass(slots=True)
class OfVersion:
    """How the requests of one version ended; what our own probes provoke is left out.

    ``failed`` did not end well, or were answered with 5xx. ``unauthorised`` were answered 401 or 403.
    """

    seen: int = 0
    failed: int = 0
    unauthorised: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)

    def copy(self) -> OfVersion:
        """One that is not counted on."""
        return OfVersion(self.seen, self.failed, self.unauthorised, dict(self.outcomes))

    def add(self, event: TailEvent) -> None:
        """Count one event."""
        self.seen += 1
        self.failed += is_failure(event)
        self.unauthorised += event.outcome == "ok" and event.status in _UNAUTHORISED
        outcome = _known(event.outcome, self.outcomes)
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1


@dataclass(frozen=True, slots=True)
class Tallied:
    """What was counted; ``sampled``: Cloudflare said that it left events out."""

    versions: Mapping[str, OfVersion]
    sampled: bool = False

    @property
    def seen(self) -> int:
        """All events."""
        return sum(each.seen for each in self.versions.values())

    @property
    def failed(self) -> int:
        """Those that failed."""
        return sum(each.failed for each in self.versions.values())

    @property
    def unauthorised(self) -> int:
        """Those that were answered 401 or 403."""
        return sum(each.unauthorised for each in self.versions.values())

    @property
    def outcomes(self) -> dict[str, int]:
        """How many ended in which of Cloudflare's words."""
        found: dict[str, int] = {}
        for each in self.versions.values():
            for outcome, number in each.outcomes.items():
                found[outcome] = found.get(outcome, 0) + number
        return found


class TailTally:
    """Counts the events of a tail, from any thread, and knows which of the awaited canaries came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._versions: dict[str, OfVersion] = {}
        self._sampling = False
        self._sampled = False
        self._awaited: set[str] = set()
        self._came: set[str] = set()

    def take(self, event: TailEvent) -> None:
        """Count one event."""
        marker = next((value for name, value in event.headers if name.lower() == MARKER.lower()), "")
        with self._lock:
            if event.notice:
                self._sampling = event.notice == OVERLOAD
                self._sampled = self._sampled or self._sampling
                return
            if marker in self._awaited:
                self._awaited.discard(marker)
                self._came.add(marker)
            if not provoked(event):
                version = _known(event.version or "", self._versions)
                self._versions.setdefault(version, OfVersion()).add(event)

    def await_canary(self, marker: str) -> None:
        """Look out for the event of a probe of ours."""
        with self._lock:
            self._awaited.add(marker)

    def came(self, marker: str) -> bool:
        """Whether it was seen."""
        with self._lock:
            return marker in self._came

    def forget(self, marker: str) -> None:
        """Look out for it no longer."""
        with self._lock:
            self._awaited.discard(marker)
            self._came.discard(marker)

    def peek(self) -> Tallied:
        """What was counted since it was reaped."""
        with self._lock:
            versions = {name: each.copy() for name, each in self._versions.items()}
            return Tallied(versions, self._sampled)

    def reap(self) -> Tallied:
        """The same, and count from nothing again."""
        with self._lock:
            found = Tallied(self._versions, self._sampled)
            self._versions, self._sampled = {}, self._sampling
            return found


def is_failure(event: TailEvent) -> bool:
    """Whether a request ended badly, as its caller sees it."""
    return event.outcome not in HARMLESS or (event.status or 0) >= SERVER_ERROR


def _known(name: str, kinds: Mapping[str, object]) -> str:
    return name if name in kinds or len(kinds) < _MOST_KINDS else _OTHERS
