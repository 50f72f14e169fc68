"""Lists that an API may hand out in pages: followed to their end, or cut with a word of why.

Cloudflare's description of its API lets deployments be asked for by page; what a page holds where none is
asked for it does not say, and wrangler reads that one only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from backstop.model.errors import CouldNotLook

T = TypeVar("T")
MOST_PAGES = 10  # with what each takes, some seconds: somebody waits for a rollback


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """A list as far as it could be read; ``cut`` says why there may be more, and is empty if not."""

    entries: tuple[T, ...]
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """What one answer holds: ``size`` and ``total`` are entries of a page and of all; None where not said.

    ``cut`` is set where entries that it also holds can't be read: nothing after those is looked at.
    """

    entries: tuple[T, ...]
    size: int | None = None
    total: int | None = None
    cut: str = ""

    def goes_on(self, shown: int) -> bool:
        """Whether there is more than the ``shown`` entries that were read so far, this page's the last."""
        if self.total is not None:
            return shown < self.total
        return self.size is not None and len(self.entries) == self.size


def page(entries: Sequence[T], info: Any, cut: str = "") -> Page[T]:
    """A page by its ``result_info``, of which any part may be missing or no number."""
    members = info if isinstance(info, dict) else {}
    size, pages, total = (_count(members.get(name)) for name in ("per_page", "total_pages", "total_count"))
    if total is None and size is not None and pages is not None:
        total = size * (pages - 1) + 1 if pages > 1 else 0  # at least so many
    return Page(tuple(entries), size, total, cut)


def follow(first: Page[T], ask: Callable[[int, int], Page[T]], name: Callable[[T], object]) -> Listed[T]:
    """All entries from the first page on, each once by its ``name``.

    ``ask`` fetches a page by its number, from 1, and its size. What does not come is cut, never an error:
    the newest entries, which matter most, have been read.
    """
    found = {name(entry): entry for entry in first.entries}
    last = first
    for number in range(2, MOST_PAGES + 1):
        if last.cut or not last.goes_on(len(found)):
            return Listed(tuple(found.values()), last.cut)
        try:
            last = ask(number, first.size or len(first.entries))
        except CouldNotLook as error:
            return Listed(tuple(found.values()), f"page {number} of it could not be read: {error.message}")
        known = len(found)
        found |= {name(entry): entry for entry in last.entries if name(entry) not in found}
        if len(found) == known and not last.cut:
            return Listed(tuple(found.values()), _nothing_new(last, number, known))
    cut = f"only its {MOST_PAGES} newest pages were read" if last.goes_on(len(found)) else ""
    return Listed(tuple(found.values()), last.cut or cut)


def _nothing_new(last: Page[T], number: int, known: int) -> str:
    """Why a page without anything new is not the end; nothing where it may be."""
    if last.entries:
        return f"page {number} of it repeats what was read before"
    return f"page {number} of it is empty" if last.total is not None and last.goes_on(known) else ""


def _count(found: Any) -> int | None:
    """A number of entries that can be one."""
    usable = isinstance(found, int) and not isinstance(found, bool) and found >= 0
    return found if usable else None
