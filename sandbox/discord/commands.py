"""Application commands: what is registered, globally and per guild."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from sandbox.discord.bodies import read_json, read_object, snowflake_in_path
from sandbox.discord.errors import ApiError, FormError, unknown_command
from sandbox.discord.models import State
from sandbox.discord.snowflake import new_snowflake

_CHAT_INPUT = 1
_TYPES = (1, 2, 3)
_MOST_COMMANDS = 100
_MOST_OPTIONS = 25
_NAME = re.compile(r"^[-_'\w]{1,32}$")


async def show(state: State, request: web.Request) -> web.Response:
    """``GET …/commands``."""
    return web.json_response(list(_scope(state, request).values()))


async def show_one(state: State, request: web.Request) -> web.Response:
    """``GET …/commands/{id}``."""
    return web.json_response(_known(state, request)[1])


async def replace_all(state: State, request: web.Request) -> web.Response:
    """``PUT …/commands``: what is not in the list is no longer registered."""
    scope = _scope(state, request)
    body = await read_json(request)
    if not isinstance(body, list):
        raise FormError("_root", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    if len(body) > _MOST_COMMANDS:
        raise FormError("_root", "BASE_TYPE_BAD_LENGTH", f"Must be {_MOST_COMMANDS} or fewer in length.")
    commands = [_command(state, request, item, at=f"{index}.") for index, item in enumerate(body)]
    kept = {_key(command): scope.get(_key(command), command)["id"] for command in commands}
    scope.clear()
    scope.update({_key(command): {**command, "id": kept[_key(command)]} for command in commands})
    return web.json_response(list(scope.values()))


async def create(state: State, request: web.Request) -> web.Response:
    """``POST …/commands``: 201, or 200 where one of that name and type was there."""
    scope = _scope(state, request)
    command = _command(state, request, await read_object(request))
    known = scope.get(_key(command))
    if known is None and len(scope) >= _MOST_COMMANDS:
        raise ApiError(400, 30032, f"Maximum number of application commands reached ({_MOST_COMMANDS}).")
    scope[_key(command)] = command | ({"id": known["id"]} if known else {})
    return web.json_response(scope[_key(command)], status=200 if known else 201)


async def edit(state: State, request: web.Request) -> web.Response:
    """``PATCH …/commands/{id}``: what is not named stays."""
    scope, (key, known) = _scope(state, request), _known(state, request)
    changed = _command(state, request, {**known, **await read_object(request)}) | {"id": known["id"]}
    del scope[key]
    scope[_key(changed)] = changed
    return web.json_response(changed)


async def remove(state: State, request: web.Request) -> web.Response:
    """``DELETE …/commands/{id}``."""
    del _scope(state, request)[_known(state, request)[0]]
    return web.Response(status=204)


def _known(state: State, request: web.Request) -> tuple[str, dict[str, Any]]:
    """The command of the path, and what it is kept under. Raises ApiError where there is none."""
    wanted = request.match_info["command"]
    for key, command in _scope(state, request).items():
        if command["id"] == wanted:
            return key, command
    raise unknown_command()


def _scope(state: State, request: web.Request) -> dict[str, dict[str, Any]]:
    application = snowflake_in_path(request, "application", "application_id")
    if application != state.credentials.application_id:
        raise ApiError(403, 20012, "You are not authorized to perform this action on this application")
    guild = ""
    if "guild" in request.match_info:
        guild = snowflake_in_path(request, "guild", "guild_id")
    return state.commands.setdefault(guild, {})


def _key(command: dict[str, Any]) -> str:
    return f"{command['type']}:{command['name']}"


def _command(state: State, request: web.Request, body: Any, at: str = "") -> dict[str, Any]:
    """The command as Discord keeps it. Raises FormError for a wrong member; ``at`` leads to the body."""
    if not isinstance(body, dict):
        raise FormError(f"{at}_root", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    _check(body, at)
    guild = {"guild_id": request.match_info["guild"]} if "guild" in request.match_info else {}
    return {
        "id": new_snowflake(),
        "application_id": state.credentials.application_id,
        "version": new_snowflake(),
        "type": body.get("type", _CHAT_INPUT),
        "name": body["name"],
        "name_localizations": body.get("name_localizations"),
        "description": body.get("description", ""),
        "description_localizations": body.get("description_localizations"),
        "default_member_permissions": body.get("default_member_permissions"),
        "nsfw": body.get("nsfw", False),
        "options": body.get("options", []),
        **guild,
    }


def _check(body: dict[str, Any], at: str) -> None:
    if body.get("type", _CHAT_INPUT) not in _TYPES:
        raise FormError(f"{at}type", "BASE_TYPE_CHOICES", f"Value must be one of {_TYPES}.")
    _check_text(body, "name", 32, at)
    if body.get("type", _CHAT_INPUT) != _CHAT_INPUT:
        return
    name = body["name"]
    if not _NAME.match(name) or name != name.lower():
        raise FormError(f"{at}name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    _check_text(body, "description", 100, at)
    _check_options(body.get("options", []), at)


def _check_options(options: Any, at: str) -> None:
    if not isinstance(options, list) or len(options) > _MOST_OPTIONS:
        raise FormError(
            f"{at}options", "BASE_TYPE_BAD_LENGTH", f"Must be {_MOST_OPTIONS} or fewer in length."
        )
    required = [bool(isinstance(option, dict) and option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        raise FormError(
            f"{at}options",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
            "Required options must be placed before non-required options",
        )


def _check_text(body: dict[str, Any], member: str, most: int, at: str) -> None:
    text = body.get(member)
    if text is None:
        raise FormError(f"{at}{member}", "BASE_TYPE_REQUIRED", "This field is required")
    if not isinstance(text, str) or not 1 <= len(text) <= most:
        raise FormError(f"{at}{member}", "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
