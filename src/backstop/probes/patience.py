"""When to stop asking somebody who never answers: a look must end in time, whatever the bot does."""

from __future__ import annotations

import threading
from collections import Counter
from urllib.parse import urlsplit

from backstop.model.http import Answer, NoAnswer, Request, Silence

SILENCES = 7  # time-outs; fewer may be of one slow path


class Patience:
    """What one look has been answered, and what not. Several threads may use it.

    An address, or one method at one of its paths, has used it up after seven requests that timed out
    where none was ever answered.
    """

    def __init__(self, silences: int = SILENCES) -> None:
        self._most = silences
        self._lock = threading.Lock()
        self._answered: set[str] = set()
        self._timed_out: Counter[str] = Counter()

    def note(self, request: Request, result: Answer | NoAnswer) -> None:
        """Take what came of a request."""
        with self._lock:
            if isinstance(result, Answer):
                host, path = _places(request)
                self._answered.add(path)
                if request.method != "HEAD":  # a head alone is no sign that a body would have come
                    self._answered.add(host)
            elif result.silence is Silence.TIMED_OUT:
                self._timed_out.update(_places(request))

    def refusal(self, request: Request) -> NoAnswer | None:
        """Why the request is not worth sending, or None while it is."""
        with self._lock:
            for place in _places(request):
                if place not in self._answered and (count := self._timed_out[place]) >= self._most:
                    detail = f"none of {count} requests to {place} was answered in time"
                    return NoAnswer(Silence.NOT_ASKED, detail)
        return None


def _places(request: Request) -> tuple[str, str]:
    parts = urlsplit(request.url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin, f"{request.method} {origin}{parts.path}"
