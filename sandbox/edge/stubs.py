"""Which stubs a worker has used, as its own trace events tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from sandbox.edge.bound import Stub
from sandbox.edge.script import Script


class StubUses:
    """Counts, for each worker, the times that each of its stubs was used."""

    def __init__(self) -> None:
        self._sentences: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def expect(self, script: Script) -> None:
        """Know the stubs of a version that is about to run."""
        for each in script.bound:
            if isinstance(each, Stub):
                self._sentences[script.worker][each.says] = each.name

    def note(self, worker: str, event: Mapping[str, Any]) -> None:
        """Take in a trace event."""
        sentences = self._sentences.get(worker)
        if not sentences:
            return
        for log in event.get("logs") or ():
            message = log.get("message")
            if isinstance(message, list) and message and message[0] in sentences:
                self._counts[worker][sentences[message[0]]] += 1

    def of(self, worker: str) -> Mapping[str, int]:
        """How often each stub was used; those that never were are not there."""
        return dict(self._counts[worker])
