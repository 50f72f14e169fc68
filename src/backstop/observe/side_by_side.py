"""Whether two versions serve side by side at a stage, and their comparison in turns."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

from backstop.cloudflare.api import CloudflareApi
from backstop.cloudflare.tail import Tail
from backstop.model.errors import CouldNotLook
from backstop.model.http import Answer, Exchange
from backstop.model.version import VersionId
from backstop.observe.looks import Looks
from backstop.observe.samples import refuse_other_kinds, usual_status
from backstop.observe.series import Series, named
from backstop.observe.turns import Arm, Pair, Times, again, overridden, take_turns
from backstop.observe.weighed import Weighed, in_no_time, in_words
from backstop.polling import SYSTEM, Clock, poll
from backstop.probes.serving import version_shown
from backstop.rollback.edge_witness import MARKER, TAIL_PATIENCE
from backstop.statistics.slowdown import Rule

_TWO = 2
_IN_A_ROW = 3


def side_by_side(looks: Looks) -> Pair | None:
    """The two versions of the deployment that serves, the newer one as new; None where there are not two."""
    try:
        versions, listed = looks.deployed.head.versions, looks.deployed.listed
    except (CouldNotLook, AssertionError):
        return None
    found = sorted((each.number, each.id) for each in listed if each.id in versions)
    if len(versions) != _TWO or len(found) != _TWO:
        return None
    (_, old), (_, new) = found
    return both_of(looks, old, new)


def at_two_addresses(looks: Looks) -> Pair | None:
    """The version before at an address of its own, as the target says; None where it has none.

    Also None where that address leads to the version that serves. Raises CouldNotLook where it can't be seen
    what answers there.
    """
    address = looks.place.target.previous_url
    serving = looks.deployed.head.only_version if address else None
    if serving is None:
        return None
    plain = looks.plain
    there = replace(plain, url=urljoin(address, urlsplit(plain.url).path or "/"))
    known = tuple(version.id for version in looks.deployed.listed)
    with Prover(_api(looks), looks.place.target.worker, known) as prover:
        asked = (prover.version_of(looks.place.prober.ask(again(there))) for _ in range(_TWO))
        old = next(filter(None, asked), None)
    if old is None:
        message = f"which version answers at {address} can't be seen"
        raise CouldNotLook(message, remedy="see that previous_url leads to the version before")
    at_once = looks.place.target.concurrency
    return Pair(Arm(old, there), Arm(serving, plain), at_once) if old != serving else None


def both_of(looks: Looks, old: VersionId, new: VersionId) -> Pair:
    """Two versions of the deployment that serves, each asked for by a header."""
    target, plain = looks.place.target, looks.plain
    before, after = (overridden(target.worker, plain, version) for version in (old, new))
    return Pair(before, after, target.concurrency)


def await_both(looks: Looks, pair: Pair, within: float, clock: Clock = SYSTEM) -> None:
    """See that each is met where it is asked for, a few times in a row over new connections.

    A deployment takes a moment to arrive, and until then the header is ignored without a word. Raises
    PollTimedOut once that took more than ``within`` seconds, CouldNotLook without credentials.
    """
    with Prover(_api(looks), looks.place.target.worker, (pair.old.version, pair.new.version)) as prover:

        def met(arm: Arm) -> bool:
            exchange = looks.place.prober.ask_cold(again(arm.request))
            return isinstance(exchange.result, Answer) and prover.version_of(exchange) == arm.version

        def all_met() -> bool | None:
            return all(met(arm) for arm in (pair.old, pair.new) * _IN_A_ROW) or None

        what = f"{pair.old.version} and {pair.new.version} to be met where they are asked for"
        poll(all_met, deadline=within, what=what, clock=clock)


def weigh_in_turns(looks: Looks, pair: Pair, rule: Rule) -> tuple[Weighed, tuple[Series, Series]]:
    """Both asked in turns, weighed, and the times of the old one and of the new one.

    Raises CouldNotLook as ``take_turns`` does, or without credentials.
    """
    old, new = pair.old.version, pair.new.version
    with Prover(_api(looks), looks.place.target.worker, (old, new)) as prover:
        turns = take_turns(looks.place.prober, pair, prover.version_of, rule)
    refuse_other_kinds(usual_status(turns.old.statuses), usual_status(turns.new.statuses))
    what = named(looks.plain, pair.at_once)
    before, after = _series(what, old, turns.old, turns.held), _series(what, new, turns.new, turns.held)
    how = "old and new were asked in turns, and every sample's version is proven"
    words = in_words(turns.comparison, before.warm, after.warm, rule)
    text = f"{words}{in_no_time(before, after)}; {how}"
    return Weighed(old, new, "interleaved", turns.comparison, text, rule.limit), (before, after)


def _series(what: str, version: VersionId, times: Times, held: float) -> Series:
    return Series(
        what,
        version,
        (version,),
        times.warm,
        times.cold,
        times.connect,
        due=times.due,
        held=held,
        statuses=times.statuses,
        cold_statuses=times.cold_statuses,
        lost=times.lost,
    )


def _api(looks: Looks) -> CloudflareApi:
    if looks.place.api is None:
        why = looks.place.unreadable
        raise CouldNotLook(why.message, remedy=why.remedy)
    return looks.place.api


class Prover:
    """Tells which version gave an answer: as it shows, else as the tail says, which is opened for that."""

    def __init__(self, api: CloudflareApi, worker: str, known: Collection[VersionId]) -> None:
        self._api = api
        self._worker = worker
        self._known = known
        self._tail: Tail | None = None
        self._since: datetime | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def version_of(self, exchange: Exchange) -> VersionId | None:
        """The version, or None where it can't be seen, as for what was answered before the tail was open."""
        result = exchange.result
        shown = version_shown(result, self._known) if isinstance(result, Answer) else None
        return shown or self._in_the_tail(exchange)

    def _in_the_tail(self, exchange: Exchange) -> VersionId | None:
        if self._tail is None:
            self._tail = self._stack.enter_context(Tail(self._api, self._worker))
            self._since = datetime.now(UTC)
        if self._since is not None and exchange.at < self._since:
            return None
        marker = next((value for name, value in exchange.request.headers if name == MARKER), "")
        event = self._tail.find(lambda seen: any(value == marker for _, value in seen.headers), TAIL_PATIENCE)
        return event.version if event else None
