"""How the /sandbox endpoints are spoken to: bodies in JSON, and refusals that say what was wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web


async def read(request: web.Request) -> Any:
    """The body. Raises HTTPBadRequest when it is not JSON."""
    try:
        return json.loads(await request.read())
    except ValueError as error:
        raise _bad_request(f"the body is not JSON: {error}") from error


async def read_object(request: web.Request) -> Mapping[str, Any]:
    """The body as an object. Raises HTTPBadRequest when it is none."""
    body = await read(request)
    if not isinstance(body, dict):
        raise _bad_request("the body is not a JSON object")
    return body


async def read_list(request: web.Request) -> list[Any]:
    """The body as a list. Raises HTTPBadRequest when it is none."""
    body = await read(request)
    if not isinstance(body, list):
        raise _bad_request("the body is not a JSON list")
    return body


def refusal(status: int, message: str) -> web.Response:
    """Why it was not done."""
    return web.json_response({"error": message}, status=status)


def _bad_request(message: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=json.dumps({"error": message}), content_type="application/json")
