"""What a target's bot must answer: to a health request, to commands and to other interactions."""

from __future__ import annotations

import json
from pathlib import Path

from backstop.model.target import Command, Expected, HealthExpectation, Interaction
from backstop.settings.table import Table, shown

_EFFECTS = ("none", "posts")
_RESPONSE_TYPES = range(1, 13)
_MOST_WORDS = 3  # command, group of subcommands, subcommand
_LOWEST_STATUS, _HIGHEST_STATUS = 100, 599


def read_health(table: Table) -> HealthExpectation | None:
    """The ``health`` of a target; None when it is declared to have none."""
    if table.value("health") is False:
        return None
    health = table.table("health", "a table, or false when there is no health endpoint")
    if health is None:
        return HealthExpectation()
    members = health.table("json", 'a table of members, such as { status = "healthy" }')
    expectation = HealthExpectation(
        path=health.url_path("path"),
        status=health.integer("status", 200, _LOWEST_STATUS, _HIGHEST_STATUS),
        json=tuple(members.items()) if members else (),
        text=health.text("text"),
        asks_discord=health.flag("asks_discord", default=True),
    )
    health.finish()
    return expectation


def read_command(table: Table) -> Command:
    """One of ``[[commands]]``."""
    options = table.table("options")
    command = Command(
        name=_name(table),
        options=_options(options) if options else (),
        channel=table.text("channel"),
        effects=table.choice("effects", _EFFECTS, "none"),
        expect=_read_expected(table, posts=table.value("effects") == "posts"),
        guild=_guild(table),
        dm=table.flag("dm"),
    )
    if command.dm and command.guild:
        table.fault("dm", "found beside guild; a direct message belongs to no server")
    table.finish()
    return command


def read_interaction(table: Table, base: Path) -> Interaction:
    """One of ``[[interactions]]``, with its payload read from a file relative to ``base``."""
    if "payload" not in table:
        table.fault("payload", "missing; wanted the path of a JSON file")
    source = table.path("payload", base) or base
    interaction = Interaction(
        source=source,
        payload=_payload(table, source) if table.text("payload") else "",
        effects=table.choice("effects", _EFFECTS, "none"),
        expect=_read_expected(table),
    )
    table.finish()
    return interaction


def _name(table: Table) -> str:
    """As Discord shows it: the words of a subcommand, and of its group, come after that of the command."""
    name = " ".join(table.text("name").removeprefix("/").split())
    if "name" not in table:
        table.fault("name", "missing; wanted the name of a slash command")
    elif len(name.split()) > _MOST_WORDS:
        table.wanted("name", 'a command, such as "ping", with its subcommand, such as "config set"')
    return name


def _guild(table: Table) -> str:
    guild = table.text("guild")
    if guild and not guild.isdecimal():
        table.wanted("guild", 'the id of a server, such as "100000000000000002"')
    return guild


def _options(table: Table) -> tuple[tuple[str, object], ...]:
    for name, value in table.items():
        if not isinstance(value, str | int | float):
            table.fault(name, f"found {shown(value)}, wanted a text, a number, true or false")
    return tuple(table.items())


def _read_expected(table: Table, *, posts: bool = False) -> Expected:
    expect = table.table("expect")
    if expect is None:
        return Expected()
    ephemeral = expect.flag("ephemeral") if "ephemeral" in expect else None
    posted = expect.text("posted")
    if posted and not posts:
        expect.fault("posted", 'found for what posts nothing; it belongs to a command with effects = "posts"')
    expected = Expected(_types(expect), expect.text("content"), ephemeral, posted)
    expect.finish()
    return expected


def _types(expect: Table) -> tuple[int, ...]:
    value = expect.value("type")
    types = value if isinstance(value, list) else [value]
    if "type" not in expect:
        return ()
    if types and all(type(each) is int and each in _RESPONSE_TYPES for each in types):
        return tuple(types)
    wanted = f"an interaction response type from 1 to {_RESPONSE_TYPES[-1]}, or a list of them"
    expect.fault("type", f"found {value if isinstance(value, list) else shown(value)}, wanted {wanted}")
    return ()


def _payload(table: Table, source: Path) -> str:
    try:
        text = source.read_text(encoding="utf-8")
        if not isinstance(json.loads(text), dict):
            table.fault("payload", f"{source} holds no JSON object")
    except OSError as error:
        table.fault("payload", f"{source} can't be read: {error.strerror}")
    except ValueError as error:
        table.fault("payload", f"{source} is no JSON: {error}")
    else:
        return text
    return ""
