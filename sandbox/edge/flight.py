"""The requests that a version's process has open, and what they cost it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from sandbox.edge.workerd import Usage

_BLAME = 0.9
Headers = tuple[tuple[str, str], ...]


class Outcome(Enum):
    """How a request ended for the worker, in the words of a trace event."""

    OK = "ok"
    EXCEPTION = "exception"
    EXCEEDED_CPU = "exceededCpu"
    EXCEEDED_MEMORY = "exceededMemory"
    CANCELED = "canceled"
    SCRIPT_NOT_FOUND = "scriptNotFound"
    STREAM_DISCONNECTED = "responseStreamDisconnected"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, word: object) -> Outcome:
        """The outcome of a trace event; UNKNOWN for a word that is not known."""
        return next((outcome for outcome in cls if outcome.value == word), cls.UNKNOWN)


@dataclass(eq=False)
class Flight:
    """One request from its dispatch until its trace event, which also waits for background work.

    ``trace`` is set by the event; ``doom`` when the process died first: to the outcome that this
    request caused, or to None when it was only in the company of the one that did.
    """

    ray: str
    method: str
    url: str
    headers: Headers
    began_ms: int
    began: float
    answered: float | None = None
    cpu_mark: float | None = None
    charge: float = 0.0
    trace: asyncio.Future[Outcome] = field(default_factory=asyncio.Future)
    doom: asyncio.Future[Outcome | None] = field(default_factory=asyncio.Future)


class Roster:
    """The open flights of one version, by ray."""

    def __init__(self) -> None:
        self._open: dict[str, Flight] = {}
        self._stir = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._moved = False

    def __bool__(self) -> bool:
        return bool(self._open)

    def __iter__(self) -> Iterator[Flight]:
        return iter(tuple(self._open.values()))

    def add(self, flight: Flight) -> None:
        """A request is about to be dispatched."""
        self._open[flight.ray] = flight
        self._idle.clear()
        self._stir.set()

    def traced(self, ray: str, outcome: Outcome) -> None:
        """The trace event of a request arrived; one that is not open is ignored."""
        flight = self._open.get(ray)
        if flight and not flight.trace.done():
            flight.trace.set_result(outcome)
        if flight and flight.answered is not None:
            self._remove(flight)

    def answered(self, flight: Flight, now: float) -> None:
        """The client has its whole answer, or is gone."""
        flight.answered = now
        if flight.trace.done() or flight.doom.done():
            self._remove(flight)

    def progress(self) -> None:
        """The process gave a sign of life, so it is not stuck in anybody's loop."""
        self._moved = True

    def stir(self) -> None:
        """Wake whoever waits for something to happen."""
        self._stir.set()

    async def stirred(self) -> None:
        """Wait for the next request or the end of the process."""
        await self._stir.wait()
        self._stir.clear()

    async def idle(self) -> None:
        """Wait until no request is open."""
        await self._idle.wait()

    def charge(self, usage: Usage) -> float:
        """Charge each flight the CPU seconds burnt since it began or the process last moved; the most."""
        moved, self._moved = self._moved, False
        for flight in self:
            if flight.cpu_mark is None or moved:
                flight.cpu_mark = usage.cpu_s
            flight.charge = usage.cpu_s - flight.cpu_mark
        return max((flight.charge for flight in self), default=0.0)

    def forget(self, now: float, after: float) -> None:
        """Drop requests answered more than ``after`` seconds ago whose event never came."""
        for flight in self:
            if flight.answered is not None and now - flight.answered > after:
                self._remove(flight)

    def bury(self, outcome: Outcome) -> list[Flight]:
        """The process is gone: settle every open flight; those that are charged with its death.

        Whoever came when the process was already stuck has been charged visibly less.
        """
        most = max((flight.charge for flight in self), default=0.0)
        guilty = [flight for flight in self if flight.charge >= most * _BLAME and not flight.trace.done()]
        for flight in self:
            if not flight.doom.done():
                flight.doom.set_result(outcome if flight in guilty else None)
            if flight.answered is not None:
                self._remove(flight)
        return guilty

    def _remove(self, flight: Flight) -> None:
        self._open.pop(flight.ray, None)
        if not self._open:
            self._idle.set()
