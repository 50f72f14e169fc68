"""What a bot's wrangler config and the files beside it say of it, before it is built."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backstop.model.errors import UsageError
from backstop.onboard.reading import beginning
from backstop.settings.faults import listed, nearest
from backstop.settings.wrangler_project import WranglerProject, environments_of, parse_config, read_project

_NAME = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=", re.MULTILINE)
_LOCAL_SECRETS = (".dev.vars", ".dev.vars.example")
_EXAMPLES = (".env.example", ".dev.vars.example")
_PRODUCTION = ("production", "prod", "live")
_HOST = re.compile(r"(?:https?://)?(?P<host>[A-Za-z0-9.-]+\.[A-Za-z]{2,})(?:/.*)?")


@dataclass(frozen=True, slots=True)
class Survey:
    """A wrangler project. ``secrets`` are names that it declares, ``hinted`` names that its examples mention.

    ``variables`` are names of variables in any of its environments, ``bound`` names of other bindings of the
    one that is meant. ``deployed`` is the project as it serves people: of the environment that is meant, else
    of one that is called production. ``address`` is a URL that the config gives that, empty without one.
    """

    project: WranglerProject
    deployed: WranglerProject
    environments: tuple[str, ...]
    variables: frozenset[str]
    bound: frozenset[str]
    secrets: tuple[str, ...]
    hinted: tuple[str, ...]
    address: str


def survey(config: Path, env_name: str = "") -> Survey:
    """Read a config, and the names (never the values) in the files of variables beside it.

    Raises UsageError for a config that does not parse, lacks that environment, a name or a main file.
    """
    values = parse_config(config)
    environments = environments_of(values)
    _refuse_unknown(config, env_name, tuple(environments))
    project = read_project(config, env_name)
    at = environments.get(env_name, {}) if env_name else values
    deployed = _deployed(config, project, environments)
    served = environments.get(deployed.env, values)
    return Survey(
        project=project,
        deployed=deployed,
        environments=tuple(environments),
        variables=frozenset(_variables((values, *environments.values()))),
        bound=frozenset(_bound(at)),
        secrets=tuple(dict.fromkeys([*_required(at), *_names(project.directory, _LOCAL_SECRETS)])),
        hinted=_names(project.directory, _EXAMPLES),
        address=_address(served) or _address(values),
    )


def _refuse_unknown(config: Path, env_name: str, environments: tuple[str, ...]) -> None:
    if env_name and env_name not in environments:
        message = f'{config} has no environment "{env_name}"{nearest(env_name, environments)}'
        has = f"it has: {listed(environments)}" if environments else "it has none: leave --env out"
        raise UsageError(message, remedy=has)


def _deployed(config: Path, project: WranglerProject, environments: Mapping[str, Any]) -> WranglerProject:
    """A project whose production lacks something of its own is left at what is meant."""
    called = next((name for name in _PRODUCTION if name in environments), "")
    if project.env or not called:
        return project
    try:
        return read_project(config, called)
    except UsageError:
        return project


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _variables(each: Iterable[Any]) -> Iterator[str]:
    return (name for at in each for name in _mapping(_mapping(at).get("vars")))


def _required(at: Mapping[str, Any]) -> list[str]:
    required = _mapping(at.get("secrets")).get("required")
    return [name for name in required if isinstance(name, str)] if isinstance(required, list) else []


def _bound(at: Mapping[str, Any]) -> Iterator[str]:
    """The names of all bindings but variables: under ``binding``, or under ``name`` for some products."""
    for key, value in at.items():
        if key not in {"env", "vars", "routes", "build", "secrets"}:
            yield from _bindings(value)


def _bindings(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _bindings(each)
    elif isinstance(value, dict):
        for key, member in value.items():
            if key in {"binding", "name"} and isinstance(member, str):
                yield member
            else:
                yield from _bindings(member)


def _names(folder: Path, files: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for file in files for name in _NAME.findall(beginning(folder / file))))


def _address(at: Mapping[str, Any]) -> str:
    """The first host of the routes, as an address."""
    routes = at.get("routes", [at["route"]] if "route" in at else [])
    for route in routes if isinstance(routes, list) else []:
        pattern = route.get("pattern", "") if isinstance(route, dict) else route
        host = _HOST.fullmatch(str(pattern).removeprefix("*."))
        if host:
            return f"https://{host['host']}"
    return ""
