"""Which static asset answers a path, and which requests are the worker's."""

from __future__ import annotations

import pytest

from sandbox.edge.assets import Asset, Assets, Html, Missing, prefers_assets_for_navigation

FILES = ("/index.html", "/about.html", "/docs/index.html", "/a b.txt", "/404.html", "/docs/404.html")


def assets(**how: object) -> Assets:
    """These files, served so."""
    return Assets({path: Asset(path, "", path.encode()) for path in FILES}, **how)  # type: ignore[arg-type]


def told(found: Assets, path: str) -> object:
    """The path of the file with its status, or where it leads, or None."""
    served = found.answer(path)
    if served is None:
        return None
    return (served.status, served.asset.hash) if served.asset else served.location


@pytest.mark.parametrize(
    ("html", "path", "expected"),
    [
        (Html.AUTO, "/", (200, "/index.html")),
        (Html.AUTO, "/index", "/"),
        (Html.AUTO, "/index.html", "/"),
        (Html.AUTO, "/about", (200, "/about.html")),
        (Html.AUTO, "/about/", "/about"),
        (Html.AUTO, "/docs/index.html", "/docs/"),
        (Html.AUTO, "/a%20b.txt", (200, "/a b.txt")),
        (Html.AUTO, "/none", None),
        (Html.FORCE, "/about", "/about/"),
        (Html.FORCE, "/about/", (200, "/about.html")),
        (Html.FORCE, "/docs", "/docs/"),
        (Html.DROP, "/docs/", "/docs"),
        (Html.DROP, "/docs", (200, "/docs/index.html")),
        (Html.DROP, "/", (200, "/index.html")),
        (Html.NONE, "/about", None),
        (Html.NONE, "/about.html", (200, "/about.html")),
        (Html.NONE, "/", None),
    ],
)
def test_paths_lead_to_pages(html: Html, path: str, expected: object) -> None:
    """One path serves a page, the others lead to it."""
    assert expected == told(assets(html=html), path)


@pytest.mark.parametrize(
    ("missing", "path", "expected"),
    [
        (Missing.NONE, "/none", None),
        (Missing.PAGE, "/none", (404, "/404.html")),
        (Missing.PAGE, "/docs/none", (404, "/docs/404.html")),
        (Missing.PAGE, "/other/none", (404, "/404.html")),
        (Missing.SINGLE_PAGE, "/none", (200, "/index.html")),
    ],
)
def test_what_is_missing_is_answered_as_configured(missing: Missing, path: str, expected: object) -> None:
    """With the nearest page for it."""
    assert expected == told(assets(missing=missing), path)


@pytest.mark.parametrize(
    ("first", "path", "navigates", "worker"),
    [
        (False, "/about", False, False),
        (False, "/none", False, True),
        (False, "/none", True, False),
        (True, "/about", False, True),
        (("/api/*",), "/api/x", False, True),
        (("/api/*",), "/about", False, False),
        (("/api/*",), "/none", False, False),
        (("/api/*", "!/api/open"), "/api/open", False, False),
        (("/a.c",), "/abc", False, False),
    ],
)
def test_the_worker_gets_what_is_its_own(
    first: bool | tuple[str, ...], path: str, navigates: bool, worker: bool
) -> None:
    """What has no asset, and what the rules say; a navigation gets the fallback."""
    found = assets(worker_first=first, missing=Missing.PAGE)

    assert worker == found.is_for_worker(path, navigates=navigates)


def test_navigation_is_a_matter_of_compatibility() -> None:
    """By the version's date, or its flags."""
    assert prefers_assets_for_navigation("2025-04-01", ())
    assert not prefers_assets_for_navigation("2025-03-31", ())
    assert prefers_assets_for_navigation("2024-01-01", ["assets_navigation_prefers_asset_serving"])
    assert not prefers_assets_for_navigation("2026-01-01", ["assets_navigation_has_no_effect"])
