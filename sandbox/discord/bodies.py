"""Request bodies, read and judged as Discord does."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from sandbox.discord.errors import FormError, empty_message, invalid_json, too_large
from sandbox.discord.snowflake import is_snowflake

MOST_BYTES = 10 * 1024 * 1024
_MOST_CONTENT = 2_000
_SUBSTANCE = ("content", "embeds", "components", "sticker_ids", "poll", "attachments")


async def read_json(request: web.Request) -> Any:
    """The JSON of the body; a body of another content type counts as an empty object.

    Raises ApiError where Discord would refuse the body.
    """
    if request.content_type == "multipart/form-data":
        return _parsed(str((await request.post()).get("payload_json", "{}")))
    if request.content_type != "application/json":
        return {}
    try:
        return _parsed((await request.read()).decode())
    except web.HTTPRequestEntityTooLarge as error:
        raise too_large() from error
    except UnicodeDecodeError as error:
        raise invalid_json() from error


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object of the body. Raises ApiError where it is something else."""
    value = await read_json(request)
    if not isinstance(value, dict):
        raise FormError("_root", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    return value


async def read_message(request: web.Request) -> dict[str, Any]:
    """The body of a message to be made. Raises ApiError for an empty or too long one."""
    message = await read_object(request)
    check_content(message.get("content"))
    if not any(message.get(member) for member in _SUBSTANCE):
        raise empty_message()
    return message


def check_content(content: Any) -> None:
    """Raises FormError unless it is the text of a message, or none."""
    if content is None:
        return
    if not isinstance(content, str):
        raise FormError("content", "STRING_TYPE_CONVERT", "Could not interpret value as string.")
    if len(content) > _MOST_CONTENT:
        raise FormError("content", "BASE_TYPE_MAX_LENGTH", f"Must be {_MOST_CONTENT} or fewer in length.")


def snowflake_in_path(request: web.Request, name: str, shown: str) -> str:
    """The id at that place of the path. Raises FormError where it is not one."""
    value = request.match_info[name]
    if not is_snowflake(value):
        raise FormError(shown, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
    return value


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise invalid_json() from error
