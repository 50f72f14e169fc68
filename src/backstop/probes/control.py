"""The control probe: does our own network work at all?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from backstop.deadline import DEADLINE
from backstop.model.http import Answer, Request
from backstop.probes.limits import Limits
from backstop.probes.prober import SERVER_ERROR, Prober

INDEPENDENT = ("https://www.cloudflare.com/cdn-cgi/trace", "https://discord.com/api/v10/gateway")
_LIMITS = Limits(total=4.0, connect=3.0, body=16 * 1024)
_VALID_S = 5.0


class ControlProbe:
    """Asks addresses that have nothing to do with the bot; several threads may use it."""

    def __init__(self, urls: Sequence[str] = INDEPENDENT, now: Callable[[], float] = time.monotonic) -> None:
        self._urls = tuple(urls)
        self._now = now
        self._lock = threading.Lock()
        self._known: tuple[float, bool] | None = None

    def answers(self) -> bool:
        """Whether any of the addresses answers; an answer is believed for five seconds."""
        with self._lock:
            if self._known is None or (self._now() - self._known[0] > _VALID_S and not DEADLINE.passed):
                self._known = (self._now(), any(_answers(url) for url in self._urls))
            return self._known[1]


class OwnNetwork:
    """Whether our own network worked whenever the bot was silent during one look.

    It is asked at each silence, at once: a network that has come back since says nothing of that moment.
    ``answers`` tells whether an independent address does. Several threads may use it.
    """

    def __init__(self, answers: Callable[[], bool]) -> None:
        self._answers = answers
        self._failed = threading.Event()

    def note_silence(self) -> None:
        """Take note that a request was not answered just now."""
        if not self._answers():
            self._failed.set()

    def works(self) -> bool:
        """Whether it works, and did at each silence so far."""
        self.note_silence()
        return not self._failed.is_set()


def _answers(url: str) -> bool:
    with Prober(url, limits=_LIMITS) as prober:
        result = prober.ask(Request("GET", url)).result
    return isinstance(result, Answer) and result.status < SERVER_ERROR
