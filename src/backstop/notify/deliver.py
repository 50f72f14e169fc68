"""Brings one message to one channel, within a time that is certain, whatever the channel does."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from backstop.model.errors import UsageError
from backstop.model.http import Answer, NoAnswer, Request, Silence
from backstop.notify.notifier import Known, Letter, Notifier, Refusal, Taken
from backstop.notify.occasion import Occasion
from backstop.notify.texts import Words
from backstop.polling import SYSTEM, Clock
from backstop.probes.limits import Limits
from backstop.probes.prober import Prober

MOST_S = 10.0  # for one message with all that is tried again
_ONE_S = 5.0  # for one request
_LEAST_S = 0.2  # with less than this left nothing is asked any more
_CONNECT_S = 3.0
_BODY = 64 * 1024
_ATTEMPTS = 4
_PAUSE_S = 0.5
_BACK_OFF = 2.0
_NEVER_SENT = frozenset({Silence.REFUSED, Silence.UNRESOLVED, Silence.TLS})


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a message: ``taken`` is None where the channel took none, and ``answer`` says why.

    ``perhaps``: it may be there all the same, so that it was not sent a second time.
    """

    taken: Taken | None
    answer: str
    attempts: int
    seconds: float
    perhaps: bool = False


@dataclass(slots=True)
class Delivery:
    """One message on its way to one channel; ``seconds`` is all the time that it has."""

    notifier: Notifier
    letter: Letter
    known: Known | None
    seconds: float = MOST_S
    clock: Clock = SYSTEM

    def __post_init__(self) -> None:
        if not self.letter.mark:
            self.letter = replace(self.letter, mark=new_mark())

    def make(self) -> Delivered:
        """Send it, and again where that can't be twice the same message. Raises nothing."""
        began = self.clock.now()
        found: Taken | Refusal = Refusal("there was no time left to tell it")
        for attempt in range(1, _ATTEMPTS + 1):
            if self._left(began) <= _LEAST_S:
                return self._delivered(found, attempt - 1, began)
            found = self._next(found, began)
            if isinstance(found, Taken) or not (found.again or found.gone) or attempt == _ATTEMPTS:
                return self._delivered(found, attempt, began)
            if found.gone:
                self.known = replace(self.known, id="") if self.known else None
                continue
            wait = _PAUSE_S * _BACK_OFF ** (attempt - 1) if found.wait is None else found.wait
            if wait >= self._left(began) - _LEAST_S:
                return self._delivered(_out_of_time(found), attempt, began)
            self.clock.wait(wait)
        return self._delivered(found, _ATTEMPTS, began)

    def _delivered(self, found: Taken | Refusal, attempts: int, began: float) -> Delivered:
        seconds = round(self.clock.now() - began, 3)
        if isinstance(found, Taken):
            return Delivered(found, found.how, attempts, seconds)
        return Delivered(None, found.why, attempts, seconds, found.perhaps)

    def _left(self, began: float) -> float:
        return self.seconds - (self.clock.now() - began)

    def _next(self, last: Taken | Refusal, began: float) -> Taken | Refusal:
        """Send it; what may have arrived is looked for first, and not sent while nobody can tell."""
        if not isinstance(last, Refusal) or not last.perhaps:
            return self._once(self._left(began))
        sought = self.sought(self._left(began))
        if isinstance(sought, Taken):
            return sought
        unknown = sought is not None and (sought.perhaps or last.under_way)
        return last if unknown else self._once(self._left(began))

    def sought(self, left: float) -> Taken | Refusal | None:
        """Whether it has arrived, asked within ``left`` seconds; None for a service that can't be asked."""
        seek = self.notifier.seek(self.letter, self.known)
        if seek is None:
            return None
        result = self._asked(seek, left)
        if not isinstance(result, Answer):
            return Refusal("nobody can tell", perhaps=True)
        return self.notifier.sought(result, self.letter, self.known)

    def _once(self, left: float) -> Taken | Refusal:
        request = self.notifier.request(self.letter, self.known)
        result = self._asked(request, left)
        if result is None:
            return Refusal("its address can't be used")
        return self._once_at_most(request, self._read(result))

    def _asked(self, request: Request, left: float) -> Answer | NoAnswer | None:
        """None for an address that is none."""
        limits = Limits(min(_ONE_S, left), min(_CONNECT_S, left), _BODY)
        try:
            with Prober(request.url, self.notifier.headers, limits) as prober:
                return prober.ask_cold(request).result
        except UsageError:  # its words would hold the address
            return None

    def _read(self, result: Answer | NoAnswer) -> Taken | Refusal:
        if isinstance(result, Answer):
            return self.notifier.read(result, self.known)
        never, late = result.silence in _NEVER_SENT, result.silence is Silence.TIMED_OUT
        return Refusal(f"no answer ({result.silence.value})", again=True, perhaps=not never, under_way=late)

    def _once_at_most(self, request: Request, found: Taken | Refusal) -> Taken | Refusal:
        """What may have arrived is not sent again, unless it can be looked for, or is the same one twice."""
        seeks = self.notifier.seek(self.letter, self.known) is not None
        if isinstance(found, Taken) or not found.perhaps or (request.method == "PATCH" and not seeks):
            return found
        return replace(found, why=f"{found.why}; it may have been posted all the same", again=seeks)


def new_mark() -> str:
    """One that no other message has."""
    return secrets.token_hex(8)


def look_for(notifier: Notifier, mark: str, seconds: float) -> Taken | Refusal:
    """Whether an incident is there that was begun with this mark; a Refusal says no, or ``perhaps``."""
    letter = Letter(Occasion.RESOLVED, Words("", ""), mark=mark)
    found = Delivery(notifier, letter, None, seconds).sought(seconds) if seconds > _LEAST_S else None
    return found or Refusal("nobody could be asked whether it is there", perhaps=True)


def _out_of_time(found: Refusal) -> Refusal:
    asked = "" if found.wait is None else f", and wants {found.wait:g} s of patience"
    return replace(found, why=f"{found.why}{asked}: there was no time for another try")
