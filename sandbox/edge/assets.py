"""Static assets of a version: which of them answers a request, and which requests are the worker's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import quote, unquote

_INDEX = "/index.html"
_NAVIGATION_SINCE = "2025-04-01"
_NAVIGATION_ON, _NAVIGATION_OFF = "assets_navigation_prefers_asset_serving", "assets_navigation_has_no_effect"


class Html(Enum):
    """How paths lead to pages, in the words of the configuration."""

    AUTO = "auto-trailing-slash"
    FORCE = "force-trailing-slash"
    DROP = "drop-trailing-slash"
    NONE = "none"


class Missing(Enum):
    """What answers where there is no asset, in the words of the configuration."""

    NONE = "none"
    PAGE = "404-page"
    SINGLE_PAGE = "single-page-application"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file; ``content_type`` is empty where it is sent without one."""

    hash: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Served:
    """An asset with the status that it is sent under, or with neither where the client must go."""

    status: int
    asset: Asset | None = None
    location: str = ""


@dataclass(frozen=True, slots=True)
class Assets:
    """The files by decoded path, and how they are served.

    ``worker_first`` is whether the worker answers before them: always, never, or by rules of paths.
    """

    files: Mapping[str, Asset] = field(repr=False)
    html: Html = Html.AUTO
    missing: Missing = Missing.NONE
    worker_first: bool | tuple[str, ...] = False

    def is_for_worker(self, path: str, *, navigates: bool) -> bool:
        """Whether a request for this path (encoded) is the worker's; a browser that ``navigates`` says so."""
        if isinstance(self.worker_first, bool):
            return self.worker_first or self.answer(path, fallback=navigates) is None
        if _matches(path, [rule[1:] for rule in self.worker_first if rule.startswith("!")]):
            return False
        if _matches(path, [rule for rule in self.worker_first if not rule.startswith("!")]):
            return True
        return self.answer(path) is None

    def answer(self, path: str, *, fallback: bool = True) -> Served | None:
        """What answers a path (encoded): an asset, a way to one, or the ``fallback`` for what is missing."""
        decoded = unquote(path)
        found = self._page(decoded) if self.html is not Html.NONE else self._exactly(decoded)
        if found is not None or not fallback:
            return found
        if self.missing is Missing.SINGLE_PAGE and _INDEX in self.files:
            return Served(200, self.files[_INDEX])
        if self.missing is Missing.PAGE:
            return next(
                (Served(404, self.files[page]) for page in _pages_404(decoded) if page in self.files), None
            )
        return None

    def _exactly(self, path: str) -> Served | None:
        return Served(200, self.files[path]) if path in self.files else None

    def _page(self, path: str) -> Served | None:
        name = _name_of_page(path)
        if path in self.files and not path.endswith(".html"):
            return Served(200, self.files[path])
        for file, wanted in self._candidates(name):
            if file in self.files:
                return (
                    Served(200, self.files[file]) if path == wanted else Served(307, location=quote(wanted))
                )
        return None

    def _candidates(self, name: str) -> Iterator[tuple[str, str]]:
        """Files that can be the page of this name, each with the one path at which it is served."""
        folder = f"{name}/" if name else "/"
        if self.html is Html.AUTO:
            files = [(f"{name}.html", name), (f"{name}{_INDEX}", folder)]
        elif self.html is Html.FORCE:
            files = [(f"{name}{_INDEX}", folder), (f"{name}.html", folder)]
        else:
            files = [(f"{name}.html", name), (f"{name}{_INDEX}", name or "/")]
        yield from files


def prefers_assets_for_navigation(date: str, flags: Sequence[str]) -> bool:
    """Whether a version of this compatibility lets a navigation get the fallback instead of the worker."""
    if _NAVIGATION_OFF in flags:
        return False
    return _NAVIGATION_ON in flags or date >= _NAVIGATION_SINCE


def _name_of_page(path: str) -> str:
    """The path without what can be left out of it: a slash at the end, index, .html."""
    name = path.removesuffix(".html")
    name = name.removesuffix("/index") if name.endswith("/index") else name
    return name.removesuffix("/")


def _pages_404(path: str) -> Iterator[str]:
    """The nearest 404.html first."""
    parts = path.split("/")[:-1]
    while parts:
        yield "/".join([*parts, "404.html"])
        parts.pop()


def _matches(path: str, rules: Sequence[str]) -> bool:
    return any(re.fullmatch(".*".join(map(re.escape, rule.split("*"))), path) for rule in rules)
