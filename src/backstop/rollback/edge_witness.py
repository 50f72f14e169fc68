"""Which version the edge serves, asked over fresh connections.

The bot may show its version id in its answer (version metadata); where it does not, the tail's
``scriptVersion`` tells which version served a probe, found by the marker that the probe carries.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from contextlib import ExitStack
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.tail import Tail, TailEvent
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Request
from backstop.model.target import Target
from backstop.model.version import VersionId
from backstop.probes.budget import Pace
from backstop.probes.prober import Prober
from backstop.probes.serving import version_shown

MARKER = "X-Backstop-Probe"
TAIL_PATIENCE = 5.0  # seconds until a probe must be in the tail; events were seen within 0.1 s


class EdgeWitness:
    """Asks the edge of one worker; opens a tail only when answers do not show a version."""

    def __init__(
        self, target: Target, prober: Prober, api: CloudflareApi, known: Collection[VersionId]
    ) -> None:
        self._url = urljoin(target.url, target.health.path if target.health else "/")
        self._worker = target.worker
        self._prober = prober
        self._api = api
        self._known = known
        self._tail: Tail | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def serving(self) -> VersionId | None:
        """The version that served one new probe, or None when that could not be seen."""
        marker, answer = self._probe()
        shown = version_shown(answer, self._known) if answer else None
        return shown or self._in_the_tail(marker)

    def serving_or_answer(self) -> tuple[VersionId | None, Answer | None, str]:
        """The version that serves before anything is changed; where it can't be seen, what was answered.

        And why the tail could not be read, if it was needed and could not: that is no reason not to go on.
        """
        seen, why = None, ""
        try:
            seen = self.serving() or self.serving()  # the first opens the tail, the second is found in it
        except CouldNotLook as error:
            why = error.message
        return seen, None if seen else self._probe()[1], why

    def _probe(self) -> tuple[str, Answer | None]:
        marker = uuid.uuid4().hex
        exchange = self._prober.ask_cold(Request("GET", self._url, ((MARKER, marker),)), Pace.URGENT)
        return marker, exchange.result if isinstance(exchange.result, Answer) else None

    def _in_the_tail(self, marker: str) -> VersionId | None:
        if self._tail is None:
            self._tail = self._stack.enter_context(Tail(self._api, self._worker))
            return None
        event = self._tail.find(lambda seen: _carries(seen, marker), TAIL_PATIENCE)
        return event.version if event else None


def _carries(event: TailEvent, marker: str) -> bool:
    return any(value == marker for _name, value in event.headers)
