"""What to believe of a status page: its headline, beside its parts that a bot needs. Pure functions.

A page's headline is the blend of all its parts, and people write it: it may be red for a part that no bot
needs, or calm over one that is down. Neither hides what is wrong with a bot, and neither blames it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from backstop.model.outside import State
from backstop.observe.status_page import Component, StatusPage

FORGOTTEN = timedelta(days=1)  # an outage of which nobody has said anything for so long is not today's
_MOST_NAMED = 4

Needed = Callable[[Component], bool]


def judged(name: str, page: StatusPage, needed: Needed) -> tuple[State, str]:
    """How it is with the service ``name`` by its page, and that in words.

    ``needed`` tells whether a bot needs a part. Where a page has no such part, it needs all of them.
    UNSEEN where the page contradicts itself, or has an outage that is long forgotten.
    """
    parts = [each for each in page.components if needed(each)] or list(page.components)
    troubled, down = [each for each in parts if not each.well], [each for each in parts if each.down]
    headline = f"{name} reports {page.indicator}: {page.description}"
    calm = f"{name} reports no trouble: {page.description}"
    if down or (page.outage and (troubled or not parts)):
        return _outage(name, page, troubled)
    if page.outage:
        return _of_nothing_needed(name, page, parts)
    if page.well and troubled:
        return State.TROUBLED, f"{_quoted(name, page)}, while it has {_listed(troubled)}"
    if page.well and page.incidents:
        return State.TROUBLED, f"{calm}, beside {_open(page)}"
    if page.well:
        return State.WELL, calm
    return State.TROUBLED, f"{headline}{_in_brackets(troubled)}"


def _outage(name: str, page: StatusPage, troubled: Sequence[Component]) -> tuple[State, str]:
    """An outage of what a bot needs, unless nothing else on the page knows of it, or nobody minds it."""
    if page.well and not page.incidents:
        told = f"{_quoted(name, page)}, and {_listed(troubled)}, with no incident: it contradicts itself"
        return State.UNSEEN, told
    told = f"{name} reports {page.indicator}: {page.description}{_in_brackets(troubled)}"
    if page.well:
        told = f"{_quoted(name, page)}, while it has {_listed(troubled)}, beside {_open(page)}"
    if page.changed and page.asked and page.asked - page.changed > FORGOTTEN:
        since = f"{page.changed:%Y-%m-%d}"
        return State.UNSEEN, f"{told}, and nothing more since {since}, which explains nothing of today"
    return State.OUT, told


def _of_nothing_needed(name: str, page: StatusPage, parts: Sequence[Component]) -> tuple[State, str]:
    """An outage by the headline, with all that a bot needs well."""
    others = [each for each in page.components if not each.well]
    if others:
        told = f"{name} reports {page.indicator}: {page.description}, of {_listed(others)}"
        return State.TROUBLED, f"{told}; what a bot needs is operational: {_names(parts)}"
    beside = f", beside {_open(page)}" if page.incidents else ""
    told = f"{_quoted(name, page)} ({page.indicator}){beside}, and that everything is operational"
    return State.UNSEEN, f"{told}: it contradicts itself"


def _quoted(name: str, page: StatusPage) -> str:
    return f"{name}'s status page says {page.description!r}"


def _open(page: StatusPage) -> str:
    return f"an open incident: {page.incidents[0]}"


def _in_brackets(parts: Sequence[Component]) -> str:
    return f" ({_listed(parts)})" if parts else ""


def _listed(parts: Sequence[Component]) -> str:
    """The worst first."""
    worst = sorted(parts, key=lambda each: not each.down)
    return _cut([f"{each.name} {_in_words(each.condition)}" for each in worst])


def _in_words(condition: str) -> str:
    words = condition.replace("_", " ")
    return words if words.startswith("under ") else f"in {words}"


def _names(parts: Sequence[Component]) -> str:
    return _cut([each.name for each in parts])


def _cut(words: Sequence[str]) -> str:
    more = len(words) - _MOST_NAMED
    return ", ".join(words[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
