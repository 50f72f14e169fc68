"""Endpoints that take static assets in."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from aiohttp import web

from sandbox.api.calls import Call
from sandbox.api.errors import bad_request, no_such_upload
from sandbox.api.responses import ok
from sandbox.api.shelf import Session, Shelf, ShelfError
from sandbox.edge.assets import Asset

_BUCKET_BYTES = 30 * 1024 * 1024  # a third less than what the API takes, as base64
_UNTYPED = "application/null"


async def post_session(call: Call) -> web.Response:
    """POST S/assets-upload-session: which files of a manifest are wanted."""
    manifest = (await call.json_object()).get("manifest")
    if not isinstance(manifest, dict) or not all(map(_is_file, manifest.values())):
        raise bad_request("the body has no manifest of {hash, size} by path")
    shelf = call.store.shelf
    try:
        session = shelf.open({unquote(path): each["hash"] for path, each in manifest.items()})
    except ShelfError as error:
        raise bad_request(str(error)) from error
    missing = shelf.missing(session)
    if not missing:
        return ok({"jwt": shelf.finish(session), "buckets": []})
    sizes = {each["hash"]: each["size"] for each in manifest.values()}
    return ok({"jwt": session.token, "buckets": list(_buckets({each: sizes[each] for each in missing}))})


async def post_files(call: Call) -> web.Response:
    """POST /accounts/{account}/workers/assets/upload?base64=true, with the session's token for the API's.

    The answer to the last of them holds the token with which a version gets the files.
    """
    shelf = call.store.shelf
    session = shelf.session(call.request.headers.get("Authorization", "").partition(" ")[2].strip())
    if session is None:
        raise no_such_upload()
    if not call.asks("base64"):
        raise bad_request("wanted base64=true")
    for name, part in (await call.request.post()).items():
        _take(shelf, session, name, part)
    missing = shelf.missing(session)
    return ok({} if missing else {"jwt": shelf.finish(session)})


def _take(shelf: Shelf, session: Session, name: str, part: object) -> None:
    kind = part.content_type if isinstance(part, web.FileField) else _UNTYPED
    text = part.file.read() if isinstance(part, web.FileField) else part
    try:
        content = base64.b64decode(text, validate=True)  # type: ignore[arg-type] # a part is text or bytes
        shelf.put(session, Asset(name, "" if kind == _UNTYPED else kind, content))
    except (binascii.Error, TypeError) as error:
        raise bad_request(f"the part {name} is not base64") from error
    except ShelfError as error:
        raise bad_request(str(error)) from error


def _buckets(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """The hashes in parts, each of which is one request."""
    bucket: list[str] = []
    for each, size in sizes.items():
        if bucket and sum(sizes[other] for other in bucket) + size > _BUCKET_BYTES:
            yield bucket
            bucket = []
        bucket.append(each)
    yield bucket


def _is_file(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    return isinstance(value.get("hash"), str) and isinstance(value.get("size"), int)
