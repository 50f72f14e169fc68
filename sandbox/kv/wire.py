"""What workerd's KV binding sends and expects, over HTTP, for one namespace."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from sandbox.kv.namespace import MOST_LISTED, Entry, KvError, Namespace, as_metadata

_METADATA = "CF-KV-Metadata"
_BULK_GET = "/bulk/get"
_MOST_KEYS = 100
_BULK_BYTES = 25 * 1024 * 1024


async def answer(request: web.Request, namespace: Namespace) -> web.Response:
    """Do what the request asks of a namespace; what it refuses is said in the status line."""
    try:
        return await _answer(request, namespace)
    except KvError as error:
        return web.Response(status=error.status, reason=error.message, text=error.message)


async def _answer(request: web.Request, namespace: Namespace) -> web.Response:
    path = request.raw_path.partition("?")[0]
    if request.method == "POST" and path == _BULK_GET:
        return _bulk(namespace, await _object(request))
    if request.method == "GET" and path == "/":
        return _list(namespace, request.query)
    key = unquote(path.removeprefix("/"))
    if request.method == "GET":
        return _value(namespace.get(key))
    if request.method == "PUT":
        return await _put(request, namespace, key)
    if request.method == "DELETE":
        namespace.delete(key)
        return web.Response()
    raise KvError(405, f"KV has no {request.method} {path}")


def _value(entry: Entry | None) -> web.Response:
    if entry is None:
        return web.Response(status=404)
    headers = {_METADATA: entry.metadata} if entry.metadata else {}
    if entry.expires is not None:
        headers["CF-Expiration"] = str(entry.expires)
    return web.Response(body=entry.value, headers=headers)


async def _put(request: web.Request, namespace: Namespace, key: str) -> web.Response:
    value, metadata = await request.read(), _metadata(request)
    ttl_s, expires = _number(request.query, "expiration_ttl"), _number(request.query, "expiration")
    if ttl_s is not None:
        namespace.put_for(key, value, metadata=metadata, ttl_s=ttl_s)
    else:
        namespace.put(key, value, metadata=metadata, expires=expires)
    return web.Response()


def _metadata(request: web.Request) -> str:
    text = request.headers.get(_METADATA, "")
    try:
        return json.dumps(json.loads(text), separators=(",", ":")) if text else ""
    except ValueError as error:
        raise KvError(400, "Metadata is not JSON") from error


def _list(namespace: Namespace, query: Mapping[str, str]) -> web.Response:
    limit = _number(query, "key_count_limit") or MOST_LISTED
    if limit > MOST_LISTED:
        raise KvError(
            400, f"Invalid key_count_limit of {limit}. Please specify an integer up to {MOST_LISTED}."
        )
    page = namespace.page(query.get("prefix", ""), _opened(query.get("cursor", "")), limit)
    found: dict[str, Any] = {"keys": [_key(*each) for each in page.keys], "list_complete": not page.cursor}
    if page.cursor:
        found["cursor"] = page.cursor.encode().hex()
    return web.json_response(found)


def _opened(cursor: str) -> str:
    try:
        return bytes.fromhex(cursor).decode()
    except ValueError as error:
        raise KvError(400, "Invalid cursor") from error


def _key(name: str, entry: Entry) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": name}
    if entry.expires is not None:
        shown["expiration"] = entry.expires
    if entry.metadata:
        shown["metadata"] = entry.metadata  # as text: workerd parses it
    return shown


def _bulk(namespace: Namespace, asked: Mapping[str, Any]) -> web.Response:
    keys = asked.get("keys")
    if not isinstance(keys, list) or not 1 <= len(keys) <= _MOST_KEYS:
        raise KvError(400, f"You can request from 1 to {_MOST_KEYS} keys at once")
    entries = {str(key): namespace.get(str(key)) for key in keys}
    if sum(len(entry.value) for entry in entries.values() if entry) > _BULK_BYTES:
        raise KvError(413, f"Total size of the values exceeds the limit of {_BULK_BYTES} bytes")
    return web.json_response({key: _bulk_value(entry, asked) for key, entry in entries.items()})


def _bulk_value(entry: Entry | None, asked: Mapping[str, Any]) -> Any:
    if entry is None:
        return None
    value = _decoded(entry.value, as_json=asked.get("type") == "json")
    if asked.get("withMetadata") is True:
        return {"value": value, "metadata": as_metadata(entry.metadata)}
    return value


def _decoded(value: bytes, *, as_json: bool) -> Any:
    text = value.decode(errors="replace")
    if not as_json:
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise KvError(400, "At least one of the requested keys corresponds to a non-JSON value") from error


async def _object(request: web.Request) -> Mapping[str, Any]:
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise KvError(400, "The body is not JSON") from error
    return body if isinstance(body, dict) else {}


def _number(query: Mapping[str, str], name: str) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        return int(float(text))
    except (OverflowError, ValueError) as error:
        raise KvError(400, f"Invalid {name} of {text}. Please specify a number.") from error
