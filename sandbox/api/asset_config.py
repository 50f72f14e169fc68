"""What a version makes of the static assets that were uploaded for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.api.errors import bad_request, cannot_serve, no_such_upload
from sandbox.api.shelf import Shelf
from sandbox.edge.assets import Asset, Assets, Html, Missing

_UNSERVED = {
    "_headers": "_headers of static assets",
    "_redirects": "_redirects of static assets",
    "base_path": "a base path of static assets",
}


def read_assets(metadata: Mapping[str, Any], before: Assets | None, shelf: Shelf) -> Assets | None:
    """The assets that an upload's metadata asks for; ``before`` are those of the latest version.

    Raises ApiError when they can't be served or were never uploaded.
    """
    asked = metadata.get("assets")
    if not asked:
        return before if metadata.get("keep_assets") else None
    config = asked.get("config") or {}
    if unserved := [words for key, words in _UNSERVED.items() if config.get(key)]:
        raise cannot_serve(unserved)
    files = shelf.files(str(asked.get("jwt", "")))
    if files is None and metadata.get("keep_assets") and before is not None:
        files = before.files
    if files is None:
        raise no_such_upload()
    return _configured(files, config)


def _configured(files: Mapping[str, Asset], config: Mapping[str, Any]) -> Assets:
    first = config.get("run_worker_first") or False
    if isinstance(first, list):
        first = tuple(map(str, first))
    try:
        html = Html(config.get("html_handling") or Html.AUTO.value)
        missing = Missing(config.get("not_found_handling") or Missing.NONE.value)
    except ValueError as error:
        raise bad_request(f"metadata.assets.config: {error}") from error
    return Assets(files, html, missing, first)
