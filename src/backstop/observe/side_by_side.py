"""Whether two versions serve side by side at a stage, and their comparison in turns."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.tail import Tail
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange
from backstop.model.version import VersionId
from backstop.observe.looks import Looks
from backstop.observe.turns import Pair, take_turns
from backstop.observe.weighed import Weighed, in_words
from backstop.probes.serving import version_shown
from backstop.rollback.edge_witness import MARKER, TAIL_PATIENCE
from backstop.statistics.slowdown import Rule

_TWO = 2


def side_by_side(looks: Looks) -> Pair | None:
    """The two versions of the deployment that serves, the newer one as new; None where there are not two."""
    try:
        versions, listed = looks.deployed.head.versions, looks.deployed.listed
    except (CouldNotLook, AssertionError):
        return None
    found = sorted((each.number, each.id) for each in listed if each.id in versions)
    if len(versions) != _TWO or len(found) != _TWO:
        return None
    return Pair(looks.place.target.worker, found[0][1], found[1][1], looks.plain)


def weigh_in_turns(looks: Looks, pair: Pair, rule: Rule) -> Weighed:
    """Both asked in turns. Raises CouldNotLook as ``take_turns`` does, or without credentials."""
    place = looks.place
    if place.api is None:
        why = place.unreadable
        raise CouldNotLook(why.message, remedy=why.remedy)
    with Prover(place.api, pair.worker, (pair.old, pair.new)) as prover:
        turns = take_turns(place.prober, pair, prover.version_of, rule)
    how = "old and new were asked in turns, and every sample's version is proven"
    text = f"{in_words(turns.comparison, turns.old, turns.new)}; {how}"
    return Weighed(pair.old, pair.new, "interleaved", turns.comparison, text, rule.limit)


class Prover:
    """Tells which version gave an answer: as it shows, else as the tail says, which is opened for that."""

    def __init__(self, api: CloudflareApi, worker: str, known: Collection[VersionId]) -> None:
        self._api = api
        self._worker = worker
        self._known = known
        self._tail: Tail | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def version_of(self, exchange: Exchange) -> VersionId | None:
        """The version, or None where it can't be seen, as for the answer that the tail is opened for."""
        result = exchange.result
        shown = version_shown(result, self._known) if isinstance(result, Answer) else None
        return shown or self._in_the_tail(exchange)

    def _in_the_tail(self, exchange: Exchange) -> VersionId | None:
        if self._tail is None:
            self._tail = self._stack.enter_context(Tail(self._api, self._worker))
            return None
        marker = next((value for name, value in exchange.request.headers if name == MARKER), "")
        event = self._tail.find(lambda seen: any(value == marker for _, value in seen.headers), TAIL_PATIENCE)
        return event.version if event else None
