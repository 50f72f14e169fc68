"""Answers requests with the static assets of a version."""

from __future__ import annotations

from aiohttp import web

from sandbox.edge.assets import Asset, Assets, Served, prefers_assets_for_navigation
from sandbox.edge.script import Script

_READS = frozenset({"GET", "HEAD"})


def answer_before_worker(request: web.Request, script: Script) -> web.Response | None:
    """The answer of an asset that comes before the worker; None where the worker is to answer."""
    if script.assets is None:
        return None
    navigates = request.headers.get("Sec-Fetch-Mode") == "navigate" and prefers_assets_for_navigation(
        script.compatibility_date, script.compatibility_flags
    )
    if script.assets.is_for_worker(_path(request), navigates=navigates):
        return None
    return answer(request, script.assets)


def answer(request: web.Request, assets: Assets) -> web.Response:
    """What the assets alone answer."""
    served = assets.answer(_path(request))
    if served is None:
        return web.Response(status=404)
    if request.method not in _READS:
        return web.Response(status=405)
    if served.asset is None:
        return web.Response(status=served.status, headers={"Location": served.location + _query(request)})
    return _file(request, served, served.asset)


def _file(request: web.Request, served: Served, asset: Asset) -> web.Response:
    tag = f'"{asset.hash}"'
    headers = {"ETag": tag, "Cache-Control": "public, max-age=0, must-revalidate", "CF-Cache-Status": "HIT"}
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        return web.Response(status=304, headers=headers)
    if asset.content_type:
        headers["Content-Type"] = asset.content_type
    return web.Response(status=served.status, body=asset.content, headers=headers)


def _path(request: web.Request) -> str:
    return request.raw_path.partition("?")[0]


def _query(request: web.Request) -> str:
    query = request.raw_path.partition("?")[2]
    return f"?{query}" if query else ""
